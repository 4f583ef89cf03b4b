"""Parameters: text in, values out, and nothing mistyped goes unnoticed."""

from dataclasses import dataclass

import pytest

from bucketward import BadInput, NoParameters, parameter
from bucketward.parameters import parse


@dataclass(frozen=True, slots=True)
class Parameters:
    kms_key_arns: tuple[str, ...] = parameter((), "Keys.", pattern="[a-z]+")
    target: str = parameter("none", "A target.")
    max_days: int = parameter(3, "Days.")
    strict: bool = parameter(default=True, description="Strictness.")
    plain: tuple[str, ...] = ("as it is",)


GIVEN = [
    ({}, Parameters()),
    ({"kmsKeyArns": "a, b ,c,"}, Parameters(kms_key_arns=("a", "b", "c"))),
    ({"kms_key_arns": "a"}, Parameters(kms_key_arns=("a",))),
    ({"kmsKeyArns": ["a", "b"]}, Parameters(kms_key_arns=("a", "b"))),
    ({"maxDays": "07", "strict": "FALSE"}, Parameters(max_days=7, strict=False)),
    ({"maxDays": 7, "strict": False}, Parameters(max_days=7, strict=False)),
    ({"target": " a,b "}, Parameters(target="a,b")),
    ({"plain": "x,y"}, Parameters(plain=("x", "y"))),
    (dict.fromkeys(("kmsKeyArns", "target", "maxDays", "strict"), ""), Parameters()),
    ({"maxDays": " ", "target": None}, Parameters()),
    (
        {"AssumeRoleMode": "true", "ExecutionRoleName": "x", "ExecutionRoleRegion": "y"},
        Parameters(),
    ),
]


@pytest.mark.parametrize(("given", "expected"), GIVEN)
def test_text_becomes_the_declared_value(given, expected):
    assert parse(Parameters, given, control="ward") == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kmsKeyArn": "a"}, "ward has no parameter 'kmsKeyArn'; it has: kmsKeyArns, target, "),
        ({"kmsKeyArns": "a,B"}, "Parameter kmsKeyArns of ward is 'B'; expected text like"),
        ({"kmsKeyArns": ","}, "kmsKeyArns of ward is ','; expected at least one value"),
        ({"target": 'a"b'}, "Parameter target of ward"),
        ({"maxDays": "-1"}, "maxDays of ward is '-1'; expected a whole number"),
        ({"maxDays": "³"}, "expected a whole number"),
        ({"maxDays": "1" * 5000}, "expected a whole number"),
        ({"strict": "yes"}, "strict of ward is 'yes'; expected true or false"),
        ({"target": {"a": 1}}, "expected text"),
        ({"kmsKeyArns": [1]}, "expected text"),
        ({"maxDays": "1", "max_days": "2"}, "given its parameter maxDays twice"),
        ({1: "x"}, "no parameter 1"),
    ],
)
def test_anything_else_is_bad_input_that_names_control_and_parameter(given, message):
    with pytest.raises(BadInput, match=message) as error:
        parse(Parameters, given, control="ward")
    assert len(str(error.value)) < 400


def test_a_control_without_parameters_takes_none():
    with pytest.raises(BadInput, match="ward has no parameter 'x'; it has: none"):
        parse(NoParameters, {"x": "1"}, control="ward")
