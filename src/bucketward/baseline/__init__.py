"""What is approved, what was changed and put back, and what is left alone.

The values (`approval`, `journal`, `seen`) are pure; `store` and what it leads to call AWS, so
import them where they are used, not where a rule starts.
"""
