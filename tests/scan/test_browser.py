"""The HTML report as a browser shows it: the distribution's Chromium, driven by Playwright."""

import json
import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from bucketward_tools.local import LocalAccount
from cli.conftest import BUCKET, CONTROLS, MALLORY, PARAMETERS, Operator, create
from local.deployment import only
from scan.conftest import HOSTILE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip(
        "there is no Chromium: the HTML report was not run in a browser", allow_module_level=True
    )
pytestmark = pytest.mark.enable_socket  # Playwright's event loop wakes itself by a socket pair
TEXT = HOSTILE.replace("\x1b", "")
MANY = 55  # one more page of the matrix
ROW = "#matrix tbody tr"


def _buckets(account):
    """Let mallory change a bucket, have it put back twice, and undo one; add others besides."""
    create(account)
    account.settle()
    mallory = account.client("s3", MALLORY)
    for value in (TEXT, "again"):
        account.clock.sleep(3600)
        tags = {"TagSet": [{"Key": "owner", "Value": value}]}
        mallory.put_bucket_tagging(Bucket=BUCKET, Tagging=tags)
        account.settle()
    s3 = create(account, "acme-hostile")
    s3.delete_public_access_block(Bucket="acme-hostile")
    statement = {
        "Sid": TEXT, "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::acme-hostile/*",
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket="acme-hostile", Policy=policy)
    for number in range(MANY):
        create(account, f"many-{number:03}")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Write two reports of one account: of all with its stack, and of one bucket without."""
    folder = tmp_path_factory.mktemp("reports")
    with LocalAccount(parameters=PARAMETERS, edit=only(CONTROLS)) as account:
        _buckets(account)
        bucketward = Operator(account)
        newest = bucketward.json("journal")[0]["id"]
        assert bucketward("undo", newest, "--reason", "CHG-1", "--yes").code == 0
        for name, options in {
            "all": ("--stack", "bucketward"),
            "one": ("--bucket", BUCKET),
        }.items():
            file = str(folder / f"{name}.html")
            ran = bucketward("scan", "--format", "html", "--output-file", file, *options)
            assert ran.code == 1, ran.err
    return folder


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture
def page(browser, reports):
    """Open the report; whatever a test does, nothing may be asked of anybody or go wrong."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    opened = context.new_page()
    asked, wrong = [], []
    opened.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    opened.on("console", lambda said: wrong.append(said.text))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    opened.goto((reports / "all.html").as_uri())
    yield opened
    context.close()
    assert wrong == []
    assert set(asked) <= {each.as_uri() for each in reports.iterdir()}


def focused(page):
    return page.locator(":focus")


def tab_to(page, wanted):
    """Press Tab until that is reached: whoever has no mouse gets there as well."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {wanted}")


def test_filters_and_search_choose_buckets_and_controls(page):
    shown, rows, heads = page.locator("#shown"), page.locator(ROW), page.locator(".turn")
    expect(shown).to_have_text(re.compile(r"^58 of 58 names, \d+ controls$"))  # and the account
    columns = heads.count()
    page.get_by_label("Search").fill("ACME")
    expect(shown).to_contain_text("2 of 58 names")
    expect(rows).to_have_count(2)
    page.locator("#control").select_option("bucket_policy_public")
    expect(heads).to_have_text(["policy_public"])
    page.locator("#compliance").select_option("not compliant")
    expect(rows.get_by_role("link")).to_have_text(["acme-hostile"])
    page.get_by_label("Severity").select_option("low")
    expect(shown).to_have_text("0 of 58 names, 0 controls")
    page.get_by_role("button", name="Clear").click()
    expect(heads).to_have_count(columns)
    page.get_by_label("Framework").select_option("CIS 5.0")
    expect(heads.get_by_text("secure_transport")).to_be_visible()
    expect(heads.get_by_text("requester_pays")).to_have_count(0)
    page.get_by_label("Region").select_option("eu-central-1")
    expect(shown).to_contain_text("58 of 58 names")


def test_the_matrix_comes_in_pages(page):
    rows, pages = page.locator(ROW), page.get_by_role("navigation", name="Pages of buckets")
    expect(rows).to_have_count(50)
    expect(pages.get_by_role("button", name="Previous")).to_be_disabled()
    pages.get_by_role("button", name="Next").click()
    expect(rows).to_have_count(8)
    expect(pages).to_contain_text("Page 2 of 2")
    expect(pages.get_by_role("button", name="Next")).to_be_disabled()


def test_the_keyboard_reaches_a_bucket_and_leads_back(page):
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Skip to the buckets")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Search"))
    page.keyboard.type("hostile")
    expect(page.locator(ROW)).to_have_count(1)
    tab_to(page, page.locator(ROW).get_by_role("link"))
    page.keyboard.press("Enter")
    expect(focused(page)).to_have_text("acme-hostile")
    expect(page.locator("#overview")).to_be_hidden()
    tab_to(page, page.get_by_role("link", name="Back to all buckets"))
    page.keyboard.press("Enter")
    expect(page.locator("#buckets")).to_be_focused()
    expect(page.locator("#detail")).to_be_hidden()


def test_a_buckets_page_has_findings_plan_and_configuration_and_its_text_does_nothing(page):
    page.get_by_role("link", name="acme-hostile").click()
    detail = page.locator("#detail")
    first = detail.get_by_role("table", name="Verdicts").get_by_role("row").nth(1)
    expect(first).to_contain_text("bucket_policy_public")
    expect(first).to_contain_text("not compliant")
    first.get_by_text("Plan: DeleteBucketPolicy").click()
    expect(first.locator("pre")).to_contain_text(f'-      "Sid": {json.dumps(TEXT)}')
    detail.get_by_text("policy", exact=True).click()
    expect(detail.locator("details[open] > pre").last).to_contain_text(TEXT)
    expect(page.locator("img, iframe, #matrix script, #detail script")).to_have_count(0)
    assert page.title().startswith("Bucketward report")


def test_drift_is_drawn_with_who_what_when_and_how_long_and_each_mark_leads_to_its_diff(page):
    marks = page.locator(".timeline a")
    expect(marks).to_have_count(2)
    said = rf"{BUCKET}: {MALLORY} made PutBucketTagging, put back [-0-9]+ [:0-9]+ UTC after \d+ "
    assert re.match(said, marks.first.get_attribute("aria-label"))
    assert marks.last.get_attribute("aria-label").endswith(", undone since")
    expect(page.locator(".timeline circle.undone")).to_have_count(1)
    marks.first.focus()
    page.keyboard.press("Enter")
    row = page.locator("#revert-1")
    expect(row).to_be_focused()
    expect(row).to_contain_text(re.compile(r"after \d+ (s|min)"))
    expect(row).to_contain_text("by bucket_drift: DeleteBucketTagging")
    row.get_by_text("Diff of tagging").click()
    expect(row.locator(".del", has_text=json.dumps(TEXT))).to_be_visible()
    expect(
        page.get_by_text("undone by arn:aws:sts::111122223333:assumed-role/Operator")
    ).to_be_visible()


def test_without_a_stack_the_report_says_why_it_tells_of_no_reverts(page, reports):
    page.goto((reports / "one.html").as_uri())
    expect(page.locator("#reverts")).to_have_text(
        "A scan with --stack tells what was put back here as well."
    )
    expect(page.locator(".timeline")).to_have_count(0)


def test_print_has_all_rows_and_every_diff_opened(page):
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(ROW)).to_have_count(58)
    expect(page.locator("details:not([open])")).to_have_count(0)
    expect(page.locator("#filters")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(ROW)).to_have_count(50)
    expect(page.locator("details[open]")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_automated_audit_finds_nothing_contrast_included(page, scheme):
    page.emulate_media(color_scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    page.get_by_label("Search").fill("acme")
    expect(page.locator(ROW)).to_have_count(2)
    for where in ("", "#bucket-1"):
        page.evaluate("where => { location.hash = where }", where)
        found = Axe().run(page).response
        assert [each["id"] for each in found["violations"]] == [], found["violations"]
        assert "color-contrast" in {each["id"] for each in found["passes"]}
