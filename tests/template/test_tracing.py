"""X-Ray is a switch: on, every function is traced and may send its traces; off, neither."""

import pytest

TRACE = {
    "Sid": "Trace",
    "Effect": "Allow",
    "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    "Resource": "*",
}


def statements(stack, role):
    (properties,) = [each for name, each in stack.of_type("AWS::IAM::Role") if name == role]
    policies = properties.get("Policies", ())
    return [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]


@pytest.fixture(scope="module", params=["true", "false"])
def traced(request, shipped):
    on = request.param == "true"
    given = {name: "true" for name in shipped.source["Parameters"] if name.startswith("Deploy")}
    return on, shipped.stack(
        Tracing=request.param,
        AlertEmail="ops@example.com",
        ObjectAlertBuckets="acme-in",
        **given,
    )


def test_every_function_is_traced_where_it_is_on(traced):
    on, stack = traced
    functions = dict(stack.of_type("AWS::Lambda::Function"))
    assert len(functions) > 50
    modes = {each["TracingConfig"]["Mode"] for each in functions.values()}
    assert modes == {"Active" if on else "PassThrough"}


def test_every_function_s_role_may_send_traces_where_it_is_on(traced):
    on, stack = traced
    functions = dict(stack.of_type("AWS::Lambda::Function"))
    arns = {each["Role"] for each in functions.values()}
    roles = [n for n, _ in stack.of_type("AWS::IAM::Role") if stack.attribute(n, "Arn") in arns]
    assert len(roles) == len(arns)
    for role in roles:
        assert statements(stack, role).count(TRACE) == on


def test_no_other_role_may_send_traces(traced):
    _, stack = traced
    assert TRACE not in statements(stack, "AutomationRole")
