"""Drives the sandbox with WePay's official Python SDK, as one of WePay's partners would.

Usage: python_sdk.py GREETING, where GREETING is the sandbox's first line.
"""

import json
import sys

import requests
from wepay import WePay

ACCOUNT = 5091778602
PNG = b"\x89PNG\r\n\x1a\n"

hello = json.loads(sys.argv[1])
credentials = hello["credentials"]["wepay"]


def client(token):
    sdk = WePay(production=False, access_token=token, api_version="2017-02-01")
    sdk.api_endpoint = hello["wepay"]
    return sdk


def call(uri, params, token=credentials["access_token"], **headers):
    """The answer's body: the SDK reads every body as JSON and never raises for an error."""
    return client(token).call(uri, params, **headers)


def expect(seen, wanted):
    if seen != wanted:
        sys.exit(f"expected {wanted!r}, saw {seen!r}")


def details():
    return {
        "client_id": credentials["client_id"],
        "account_id": str(ACCOUNT),
        "individual": {
            "account_owner": {
                "name": {"first": "Nadia", "last": "Baker"},
                "email": "nadia@example.com",
                "date_of_birth": {"year": 1980, "month": 5, "day": 17},
                "address": {
                    "address1": "123 Fake Street",
                    "city": "Springfield",
                    "region": "IL",
                    "postal_code": "62701",
                    "country": "US",
                },
                "phone": {"country_code": "+1", "phone_number": "5556667777"},
                "us_owner_compliance": {"social_security_number": "111-22-1234"},
            },
            "mcc": 7999,
        },
    }


def upload(mark):
    answer = requests.post(
        hello["wepay"] + "/file/upload",
        headers={"Authorization": "Bearer " + credentials["access_token"]},
        files={"file": ("card.png", PNG + mark, "image/png")},
        data={"type": "social_security_card", "account_id": str(ACCOUNT)},
        timeout=30,
    )
    expect(answer.status_code, 200)
    return answer.json()["file_id"]


def advance(milliseconds):
    answer = requests.post(
        hello["admin"] + "/clock",
        headers={"X-Sandbox-Admin": hello["admin_token"]},
        json={"advance_ms": milliseconds},
        timeout=30,
    )
    expect(answer.status_code, 200)


def look_up():
    return call("/account/kyc", {"account_id": ACCOUNT})


def documents():
    listed = look_up()["supporting_documents"]
    return [(document["state"], document["reject_reason"]) for document in listed]


def errors():
    expect(call("/account/kyc", {})["error_code"], 1004)
    expect(call("/account/nothing", {})["error_code"], 1001)
    expect(call("/account/kyc", {"account_id": 1})["error_code"], 3001)
    expect(call("/account/kyc", {}, token="STAGE_nobody")["error_code"], 1006)
    revoked = credentials["revoked_access_token"]
    expect(call("/account/kyc", {}, token=revoked)["error_code"], 1011)
    spoilt = details()
    spoilt["individual"]["account_owner"]["address"]["address1"] = "PO Box 7"
    expect(call("/account/kyc/create", spoilt)["error_code"], 1003)
    too_early = call("/account/kyc/modify", {"account_id": ACCOUNT, "file_ids": [1]})
    expect(too_early["error_code"], 3007)


def onboarding():
    expect(look_up()["state"], "unsubmitted")
    risk = {"risk_token": "123e4567-e89b-12d3-a456-426614174000", "client_ip": "203.0.113.7"}
    kyc_id = call("/account/kyc/create", details(), **risk)["kyc_id"]
    expect(look_up()["state"], "unsubmitted")
    authorized = call("/account/kyc/authorize", {"kyc_id": kyc_id})
    expect(authorized["state"], "require_docs")
    expect(authorized["legal_name"], {"first": "Nadia", "last": "Baker"})
    expect(call("/account/kyc/create", details())["error_code"], 3006)

    first = upload(b"blurred")
    modified = call("/account/kyc/modify", {"account_id": ACCOUNT, "file_ids": [first]})
    expect(modified["state"], "in_review")
    late = call("/account/kyc/modify", {"account_id": ACCOUNT, "file_ids": [first]})
    expect(late["error_code"], 3010)
    advance(60_000)
    expect(look_up()["state"], "require_docs")
    expect(documents(), [("rejected", "illegible")])

    expired = upload(b"too early")
    advance(30 * 60_000 + 1)
    refused = call("/account/kyc/modify", {"account_id": ACCOUNT, "file_ids": [expired]})
    expect(refused["error_code"], 3011)
    second = upload(b"sharp")
    call("/account/kyc/modify", {"account_id": ACCOUNT, "file_ids": [second]})
    advance(60_000)
    expect(look_up()["state"], "verified")
    expect(documents(), [("rejected", "illegible"), ("verified", None)])
    expect(call("/account", {"account_id": ACCOUNT})["state"], "active")


errors()
onboarding()
print("the official SDK went from create to verified")
