"""Every command that README and docs show exists, with these options and this spelling.

Those of `bucketward` that can run are run by the tests of their pages; for `aws` and `sam`, which
take an account, the models of AWS's own clients say what there is.
"""

import json
import re
import shlex
import subprocess
from functools import cache

import pytest
import typer
from botocore import xform_name
from botocore.session import get_session

from bucketward_tools.catalogue import ROOT
from bucketward_tools.cli.app import app
from bucketward_tools.local import sam as template_of
from bucketward_tools.local.identifiers import Place
from bucketward_tools.local.template import Stack

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SAM = ROOT / ".venv-sam" / "bin" / "sam"
PLACE = Place("111122223333", "eu-central-1", "aws")
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

# https://docs.aws.amazon.com/cli/latest/reference/#options
GLOBAL = {"endpoint-url", "no-cli-pager", "output", "profile", "query", "region"}
PAGED = {"max-items", "page-size", "starting-token"}
# Commands of the AWS CLI that are no API operations: all options, and those that are required.
# https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/
DEPLOY = (
    {"capabilities", "no-fail-on-empty-changeset", "parameter-overrides", "role-arn", "s3-bucket"},
    {"stack-name", "template-file"},
)
# https://docs.aws.amazon.com/cli/latest/reference/s3/
COPY = ({"delete", "dryrun", "exclude", "include", "recursive"}, set())
CUSTOM = {("cloudformation", "deploy"): DEPLOY, ("s3", "cp"): COPY, ("s3", "sync"): COPY}


def shown():
    """Yield every command of every page as (page, words)."""
    for page in PAGES:
        blocks = re.findall(
            r"^```(sh|console)\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE
        )
        for kind, block in blocks:
            lines = block.replace("\\\n", " ").splitlines()
            if kind == "console":
                lines = [line[2:] for line in lines if line.startswith("$ ")]
            for line in filter(str.strip, lines):
                yield page.relative_to(ROOT).as_posix(), shlex.split(line, comments=True)


COMMANDS = [(page, words) for page, words in shown() if words]


def of(program):
    found = [(page, words) for page, words in COMMANDS if words[0].rpartition("/")[2] == program]
    return pytest.mark.parametrize(
        "words", [words for _, words in found], ids=[" ".join(w)[:70] for _, w in found]
    )


def options(words):
    """Return each option with the words after it, up to the next option."""
    found, name = {}, None
    for word in words:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            found[name] = [value] if equals else []
        elif name is not None:
            found[name].append(word)
    return found


@cache
def service(name):
    return get_session().get_service_model({"configservice": "config"}.get(name, name))


def operation(name, command):
    for each in service(name).operation_names:
        if xform_name(each, "-") == command:
            return service(name).operation_model(each)
    raise AssertionError(f"aws {name} has no {command}")


def accepts(shape, values):
    """Check what can be checked of shorthand: names of members, and enumerations."""
    if shape.type_name == "list":
        for value in values:
            accepts(shape.member, [value])
        return
    for value in values:
        if shape.type_name == "string" and shape.enum:
            assert value in shape.enum
        if shape.type_name == "structure" and not value.startswith("{"):
            assert set(re.findall(r"(?:^|,)(\w+)=", value)) <= shape.members.keys(), value
        if shape.type_name == "integer":
            assert value.isdigit()


@of("aws")
def test_every_aws_command_exists_with_these_options(words):
    _, name, command, *rest = words
    given = options(rest)
    if (name, command) in CUSTOM:
        known, required = CUSTOM[name, command]
        assert given.keys() <= known | required | GLOBAL
        assert required <= given.keys()
        return
    if command == "wait":
        waiter = get_session().get_waiter_model(name)
        names = {xform_name(each, "-"): each for each in waiter.waiter_names}
        api = waiter.get_waiter(names[rest[0]]).operation
        model = service(name).operation_model(api)
    else:
        model = operation(name, command)
    members = model.input_shape.members
    known = {xform_name(each, "-"): each for each in members}
    known |= {
        f"no-{name}": each for name, each in known.items() if members[each].type_name == "boolean"
    }
    assert given.keys() <= known.keys() | GLOBAL | PAGED
    required = {xform_name(each, "-") for each in model.input_shape.required_members}
    assert required <= {each.removeprefix("no-") for each in given}
    for option, values in given.items():
        if option in known:
            accepts(members[known[option]], values)


@cache
def stack_of(file):
    return template_of.translated(ROOT / file, PLACE.region)


def check_parameters(file, pairs):
    """Resolve the parameters, which refuses names and values that the template does not take."""
    template = stack_of(file)
    given = {name: value.strip("'") for name, value in pairs.items()}
    stack = Stack(template, PLACE, given)
    stack.resolve([{"Ref": name} for name in given])


def pairs(words):
    return dict(word.split("=", 1) for word in words)


@pytest.mark.parametrize(("page", "words"), COMMANDS, ids=lambda x: str(x)[:60])
def test_every_parameter_of_a_template_is_one_and_takes_the_value(page, words):
    given = options(words)
    if words[:2] == ["sam", "deploy"]:
        check_parameters("template.yaml", pairs(given.get("parameter-overrides", ())))
    elif words[1:3] == ["cloudformation", "deploy"]:
        (file,) = given["template-file"]
        values = pairs(given.get("parameter-overrides", ()))
        check_parameters(file, values)
        lacking = {
            name
            for name, each in stack_of(file).get("Parameters", {}).items()
            if "Default" not in each and name not in values
        }
        assert not lacking
    elif words[1:2] == ["cloudformation"] and "stack-set-name" in given:
        values = [
            *given.get("parameters", ()),
            *given.get("parameter-overrides", ()),
        ]
        found = [dict(part.split("=", 1) for part in value.split(",", 1)) for value in values]
        named = {
            each["ParameterKey"]: each["ParameterValue"]
            for each in found
            if "ParameterValue" in each and each["ParameterKey"] != "CodeBucket"
        }
        check_parameters("template.yaml", named)


@of("bucketward")
def test_every_bucketward_command_exists_with_these_options(words):
    command = typer.main.get_command(app)
    rest = list(words[1:])
    while hasattr(command, "commands") and rest:
        command = command.commands[rest.pop(0)]
    known = {each for option in command.params for each in option.opts} | {"--help"}
    given = {f"--{name}" for name in options(rest)}
    assert given <= known


@pytest.fixture(scope="module")
def sam_options():
    """Ask sam itself what options each of its commands has."""
    names = sorted({words[1] for _, words in COMMANDS if words[0] == "sam"})
    program = (
        "import importlib, json, sys\n"
        "commands = {n: importlib.import_module(f'samcli.commands.{n}.command').cli"
        " for n in sys.argv[1:]}\n"
        "print(json.dumps({n: [o for p in c.params for o in (*p.opts, *p.secondary_opts)]"
        " for n, c in commands.items()}))"
    )
    ran = subprocess.run(
        [SAM.with_name("python"), "-c", program, *names], capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.skipif(not SAM.exists(), reason="sam is not in .venv-sam/")
def test_every_sam_command_exists_with_these_options(sam_options):
    for page, words in COMMANDS:
        if words[0] == "sam":
            given = {f"--{name}" for name in options(words[2:])}
            assert given <= set(sam_options[words[1]]), (page, words)


def test_every_program_is_checked_here_or_is_make():
    for page, words in COMMANDS:
        program = words[0].rpartition("/")[2]
        assert program in {"aws", "bucketward", "make", "sam"}, (page, words)
        if program == "make":
            assert words[1] in TARGETS, (page, words)
