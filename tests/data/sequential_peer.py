"""A peer for `cargo xtask bench sync`: inserts contacts the way that scripts written after the tutorial do.

One request at a time over one kept connection: token, then page by page, each contact posted before the next is
looked at. 429 is waited out as Retry-After says (or 2, 4, 8, 16 s) plus up to a second, four tries a contact, then the
contact is dropped. PAUSE seconds are slept after each success. Standard library only.

Usage: sequential_peer.py HOST:PORT PAUSE
"""

import http.client
import json
import random
import sys
import time
import urllib.parse

TRIES = 4


def exchange(connection, method, path, body=None, headers=None):
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def token(connection):
    form = urllib.parse.urlencode({
        "grant_type": "client_credentials",
        "client_id": "demo",
        "client_secret": "demo-secret",
        "scope": "contacts:write contacts:read",
    })
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    status, _, body = exchange(connection, "POST", "/api/v2/oauth/token", form, kind)
    assert status == 200, status
    return json.loads(body)["access_token"]


def contacts(connection, bearer):
    following = None
    while True:
        query = {"pageSize": 100, **({"nextPageToken": following} if following else {})}
        path = "/api/v2/contacts?" + urllib.parse.urlencode(query)
        status, _, body = exchange(connection, "GET", path, headers=bearer)
        while status == 429:  # kinder than the original, which ends here
            time.sleep(1)
            status, _, body = exchange(connection, "GET", path, headers=bearer)
        page = json.loads(body)
        yield from page.get("entities") or []
        following = page.get("nextPageToken")
        if not following:
            return


def upsert(connection, bearer, contact):
    headers = {**bearer, "Content-Type": "application/json"}
    for attempt in range(TRIES):
        status, answered, _ = exchange(connection, "POST", "/api/v2/contacts", json.dumps(contact), headers)
        if status != 429:
            return status < 300 or status == 409
        time.sleep(int(answered.get("Retry-After", 2 ** (attempt + 1))) + random.uniform(0, 1))
    return False


def main():
    host, pause = sys.argv[1], float(sys.argv[2])
    connection = http.client.HTTPConnection(host)
    bearer = {"Authorization": "Bearer " + token(connection)}
    sent = lost = 0
    for contact in contacts(connection, bearer):
        contact.setdefault("attributes", {})["validatedAt"] = "now"
        if upsert(connection, bearer, contact):
            sent += 1
            time.sleep(pause)
        else:
            lost += 1
    print(json.dumps({"sent": sent, "lost": lost}))


main()
