"""The shipped template with only some controls: each rule answers each item, which takes time."""

from bucketward_tools.catalogue import ROOT
from bucketward_tools.catalogue import controls as every
from bucketward_tools.local import LocalAccount, sam

_ANSWERING = {"AWS::Config::ConfigRule", "AWS::Config::RemediationConfiguration"}


def template():
    """Return the shipped template, translated to CloudFormation."""
    return sam.translated(ROOT / "template.yaml", "eu-central-1")


def switched_on():
    """Return the parameters that deploy every control, also those that are off by default."""
    return {name: "true" for name in template()["Parameters"] if name.startswith("Deploy")}


def prefix(control):
    """Return what the logical ids of a control's resources begin with."""
    return "".join(word.capitalize() for word in control.split("_"))


def only(controls, then=None):
    """Drop the rules and remediations of all other controls; functions and roles stay."""
    kept = {f"{prefix(each)}Rule" for each in controls} | {
        f"{prefix(each)}Remediation" for each in controls if every()[each].remediation
    }

    def edit(translated):
        resources = translated["Resources"]
        unknown = kept - resources.keys()
        assert not unknown, f"the template has no {unknown}"
        for name in [n for n, each in resources.items() if each["Type"] in _ANSWERING]:
            if name not in kept:
                del resources[name]
        if then is not None:
            then(translated)

    return edit


def deploy(controls, parameters, then=None, **options):
    """Return an account, not yet open, with the rules of these controls and no other."""
    return LocalAccount(parameters=parameters, edit=only(controls, then), **options)
