"""What each vendor takes, as JSON Schemas of our own, each with the page that it was read from.

They are stricter than the vendor where that shows a mistake of ours: no member that is not known.
"""


def _object(required, **members):
    return {
        "type": "object",
        "required": required.split(),
        "properties": members,
        "additionalProperties": False,
    }


def _text(longest, **more):
    return {"type": "string", "minLength": 1, "maxLength": longest, **more}


def _list(items, most):
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most}


_ANY_TEXT = {"type": "string"}

# https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ and
# https://github.com/PagerDuty/api-schema/blob/main/reference/events-v2/openapiv3.json
_KEY = {"routing_key": _text(32, minLength=32), "dedup_key": _text(255)}
PAGERDUTY = {
    "oneOf": [
        _object(
            "routing_key event_action dedup_key payload",
            **_KEY,
            event_action={"const": "trigger"},
            client=_ANY_TEXT,
            links={"type": "array", "items": _object("href", href=_text(2000), text=_ANY_TEXT)},
            payload=_object(
                "summary source severity",
                summary=_text(1024),
                source=_text(1024),
                severity={"enum": ["critical", "error", "warning", "info"]},
                timestamp={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"},
                component=_ANY_TEXT,
                group=_ANY_TEXT,
                **{"class": _ANY_TEXT},
                custom_details={"type": "object"},
            ),
        ),
        _object("routing_key event_action dedup_key", **_KEY, event_action={"const": "resolve"}),
    ]
}

# https://docs.slack.dev/reference/block-kit/blocks/ (header, section),
# https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
# https://docs.slack.dev/reference/block-kit/composition-objects/text-object: verbatim, or addresses
# and names in it become links and mentions.
_MARKDOWN = {"type": {"const": "mrkdwn"}, "verbatim": {"const": True}}
SLACK_BLOCKS = 11_000
"""Of all blocks; undocumented: https://github.com/slackapi/bolt-js/issues/2509 and 2867."""
SLACK = _object(
    "text blocks",
    text=_text(40_000),
    blocks=_list(
        {
            "oneOf": [
                _object(
                    "type text",
                    type={"const": "header"},
                    text=_object("type text", type={"const": "plain_text"}, text=_text(150)),
                ),
                _object(
                    "type text",
                    type={"const": "section"},
                    text=_object("type text verbatim", **_MARKDOWN, text=_text(3000)),
                ),
                _object(
                    "type fields",
                    type={"const": "section"},
                    fields=_list(_object("type text verbatim", **_MARKDOWN, text=_text(2000)), 10),
                ),
            ]
        },
        50,
    ),
)

# https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
# https://adaptivecards.io/schemas/adaptive-card.json, version 1.4: RichTextBlock, TextRun,
# Action.OpenUrl
_RUN = _object(
    "type text",
    type={"const": "TextRun"},
    text=_text(4000),
    size={"enum": ["Default", "Small", "Medium", "Large", "ExtraLarge"]},
    weight={"enum": ["Default", "Lighter", "Bolder"]},
    color={"enum": ["Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"]},
    fontType={"enum": ["Default", "Monospace"]},
)
TEAMS = _object(
    "type attachments",
    type={"const": "message"},
    attachments=_list(
        _object(
            "contentType content",
            contentType={"const": "application/vnd.microsoft.card.adaptive"},
            content={
                **_object(
                    "type version body",
                    type={"const": "AdaptiveCard"},
                    version={"enum": ["1.2", "1.3", "1.4", "1.5"]},
                    body=_list(
                        _object(
                            "type inlines", type={"const": "RichTextBlock"}, inlines=_list(_RUN, 9)
                        ),
                        500,
                    ),
                    actions=_list(
                        _object(
                            "type url",
                            type={"const": "Action.OpenUrl"},
                            title=_ANY_TEXT,
                            url=_text(2000, pattern="^https://"),
                        ),
                        6,
                    ),
                    **{"$schema": _ANY_TEXT},
                )
            },
        ),
        10,
    ),
)
TEAMS_BYTES = 28 * 1024

# https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
CHAT = _object(
    "version source content",
    version={"const": "1.0"},
    source={"const": "custom"},
    id=_ANY_TEXT,
    content=_object(
        "description",
        textType={"const": "client-markdown"},
        title=_text(250),
        description=_text(8000),
        nextSteps={"type": "array", "items": _text(1100)},
        keywords={"type": "array", "items": _ANY_TEXT},
    ),
    metadata=_object(
        "threadId",
        threadId=_text(255),
        summary=_ANY_TEXT,
        eventType=_ANY_TEXT,
        relatedResources={"type": "array", "items": _ANY_TEXT},
        additionalContext={"type": "object", "additionalProperties": _ANY_TEXT},
    ),
)

# ServiceNow, REST API reference, Table API, and the dictionary of the table incident:
# https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html
_LEVEL = {"enum": ["1", "2", "3"]}
SERVICENOW = _object(
    "short_description description urgency impact correlation_id",
    short_description=_text(160),
    description=_text(4000),
    urgency=_LEVEL,
    impact=_LEVEL,
    correlation_id=_text(100),
    correlation_display=_text(100),
)
SERVICENOW_RESOLVED = _object(
    "state close_code close_notes",
    state={"const": "6"},
    close_code=_text(40),
    close_notes=_text(4000),
)

# https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#create-ticket
_COMMENT = _object("body", body=_text(65_535), public={"type": "boolean"})
ZENDESK = _object(
    "ticket",
    ticket=_object(
        "subject comment",
        subject=_text(150),
        comment=_COMMENT,
        priority={"enum": ["urgent", "high", "normal", "low"]},
        type={"enum": ["problem", "incident", "question", "task"]},
        external_id=_text(255),
        tags={"type": "array", "items": {"type": "string", "pattern": r"^[\w-]+$"}},
    ),
)
ZENDESK_SOLVED = _object(
    "ticket", ticket=_object("status", status={"const": "solved"}, comment=_COMMENT)
)

# https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html; names
# and types are checked against botocore's model of the API as well. What a provider updates in its
# fields: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
_PRODUCT = r"^arn:aws[a-z-]*:securityhub:[a-z0-9-]+:\d{12}:product/\d{12}/default$"
_TYPE = (
    "^(Software and Configuration Checks|TTPs|Effects|Unusual Behaviors"
    "|Sensitive Data Identifications)(/[^/]+){0,2}$"
)
_TYPES = _list({"type": "string", "pattern": _TYPE}, 50)
_SEVERITY = _object("Label", Label={"enum": ["LOW", "MEDIUM", "HIGH", "CRITICAL"]})
_CUSTOMERS = ("Note", "UserDefinedFields", "VerificationState", "Workflow")
ASFF = {
    "type": "object",
    "required": [
        "SchemaVersion", "Id", "ProductArn", "GeneratorId", "AwsAccountId", "CreatedAt",
        "UpdatedAt", "Severity", "FindingProviderFields", "Title", "Description", "Resources",
    ],
    "properties": {
        "SchemaVersion": {"const": "2018-10-08"},
        "Id": _text(512),
        "ProductArn": {"type": "string", "pattern": _PRODUCT},
        "GeneratorId": _text(512),
        "AwsAccountId": {"type": "string", "pattern": r"^\d{12}$"},
        "Types": _TYPES,
        "CreatedAt": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT[\d:.]+Z$"},
        "UpdatedAt": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT[\d:.]+Z$"},
        "Severity": _SEVERITY,
        "FindingProviderFields": _object("Severity Types", Severity=_SEVERITY, Types=_TYPES),
        "Title": _text(256),
        "Description": _text(1024),
        "Remediation": _object("Recommendation", Recommendation=_object("Text", Text=_text(512))),
        "ProductFields": {
            "type": "object", "maxProperties": 50,
            "propertyNames": {"maxLength": 128}, "additionalProperties": _text(2048),
        },
        "Resources": _list(
            _object("Type Id", Type={"enum": ["AwsS3Bucket", "AwsAccount"]}, Id=_text(512),
                    Partition={"enum": ["aws", "aws-cn", "aws-us-gov"]}, Region=_text(16)), 32),
        "RecordState": {"enum": ["ACTIVE", "ARCHIVED"]},
        "Compliance": _object("Status", Status={"enum": ["PASSED", "FAILED"]}),
    },
    "not": {"anyOf": [{"required": [each]} for each in _CUSTOMERS]},
}  # fmt: skip

# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
SUBJECT = r"[!-~][ -~]{0,99}"
SMS = 1600
