"""Collects cases: what the law tables say of an attempt, checked against what the author of the case expects."""

import csv
import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from reader import BY_ID, RULES, CAPS, at, judge, next_change, zone

HERE = Path(__file__).parent
CODE_ORDER = ["outside-calling-window", "within-calling-window", "holiday", "requirement-not-met", "requirement-met",
              "exemption-applies", "cap-reached", "within-cap", "cap-not-evaluated", "calendar-unverified",
              "house-hours", "unverified-rule-would-prohibit", "law-not-applied"]
WITH_A_FILE = {row["j"] for row in RULES + CAPS}


def utc(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Book:
    """The corpus while it is being written."""

    def __init__(self):
        self.files = defaultdict(dict)

    def file_of(self, places):
        if len(places) > 1:
            return "places"
        state = places[0]["jurisdiction"].split(":")[0]
        return state if state in WITH_A_FILE else state.split("-")[0]

    def add(self, rid, what, moment, expect=None, *, places=None, purpose=None, window=False, file=None, cite=None,
            notes=(), label=None, **facts):
        """One case of the provision `rid`. `expect` is the author's answer; without it the tables answer alone."""
        row = BY_ID.get(rid)
        if places is None:
            places = [(row["place"], row["zone"])]
        attempt = {"at": utc(moment), "purpose": purpose or row["purposes"][0]}
        if "channel" in facts:
            attempt["channel"] = facts.pop("channel")
        attempt["places"] = [{"jurisdiction": each[0], "zone": each[1]} for each in places]
        attempt |= {key: facts[key] for key in
                    ("consent", "business_relationship", "callee_kind", "caller_kind", "attempts") if key in facts}
        permitted, ids, codes = judge(attempt, moment)
        answer = "permit" if permitted else "prohibit"
        if expect is not None and expect != answer:
            raise AssertionError(f"{rid}: {what}: expected {expect}, but the tables say {answer}: {ids} {codes}")
        case = {"name": f"{label or rid}: {what}", "citation": cite or row["cite"], "attempt": attempt,
                "expect": answer, "codes": sorted(codes | set(notes), key=CODE_ORDER.index), "rules": ids}
        for key in ("codes", "rules"):
            if not case[key]:
                del case[key]
        if window:
            change = next_change(attempt, moment)
            case["permitted_until" if permitted else "next_opening"] = change and utc(change)
            if isinstance(window, str):
                assert change and utc(change) == window, f"{rid}: {what}: changes at {change}, not {window}"
        self.put(file or self.file_of(attempt["places"]), case)

    def put(self, file, case):
        name = case["name"]
        if self.files[file].get(name, case) != case:
            raise AssertionError(f"{file}: two different cases are called {name}")
        self.files[file][name] = case

    def on(self, rid, what, day, clock, expect=None, *, zone_name=None, place=None, **more):
        """A case at a local time of the provision's own place, or of another."""
        row = BY_ID[rid]
        where = (place or row["place"], zone_name or row["zone"])
        more.setdefault("places", [where])
        local = datetime.fromisoformat(day).strftime("%a %Y-%m-%d")
        self.add(rid, f"{what}, {local} {clock}", at(day, clock, where[1]), expect, **more)

    def samples(self):
        """The sample cases of the project's research, converted; the tables must agree with every one."""
        answers = {"allow": "permit", "deny": "prohibit"}

        def rows(name):
            with (HERE / name).open(encoding="utf-8") as lines:
                return list(csv.DictReader(lines, delimiter="\t"))

        for line in rows("samples.tsv"):
            place, moment = (line["jurisdiction"], line["iana_zone"]), datetime.fromisoformat(line["instant_utc"])
            text, _, why = line["why"].partition(": ")
            head = f"sample {text.removeprefix('local ')}"
            if place[0].startswith("X-"):
                self.calling_hours_sample(line, head, why, answers)
                continue
            rid = self.provision(place[0], line["purpose"])
            self.add(rid, f"{head}: {why}", moment, answers[line["expected"]], places=[place], purpose=line["purpose"])
        for line in rows("samples-places.tsv"):
            places = [tuple(claim.split("@")) for claim in line["claims"].split("|")]
            rid = self.provision(places[-1][0], line["purpose"])
            moment = datetime.fromisoformat(line["instant_utc"])
            claims = " or ".join(f"{one} {two}" for one, two in places)
            self.add(rid, f"sample {line['instant_utc']} {claims}: {line['why']}", moment, answers[line["expected"]],
                     places=places, purpose=line["purpose"], window=True)
        for line in rows("samples-caps.tsv"):
            history = []
            for entry in line["history"].split(","):
                outcome, _, when = entry.rpartition("@")
                outcome = {"noanswer": "no-answer"}.get(outcome, outcome)
                history.append({"at": when, "outcome": outcome} if outcome else when)
            rid = next(row["id"] for row in CAPS if row["j"] in (line["jurisdiction"], line["jurisdiction"][:2])
                       and line["purpose"] in row["purposes"])
            self.add(rid, f"sample {line['why'].removeprefix('local ')}", datetime.fromisoformat(line["attempt_utc"]),
                     answers[line["expected"]], places=[(line["jurisdiction"], line["iana_zone"])],
                     purpose=line["purpose"], attempts=history, window=True)

    def provision(self, jurisdiction, purpose):
        """The nearest provision for a sample."""
        nearest = [row for row in RULES if purpose in row["purposes"] and row["hours"] and not row.get("unverified")
                   and row["j"] in (jurisdiction, jurisdiction[:2])]
        nearest.sort(key=lambda row: -len(row["j"]))
        if purpose == "sales_automated" and nearest[0]["j"] == jurisdiction:
            nearest = [row for row in nearest if row["j"] == jurisdiction][::-1]
        return nearest[0]["id"]

    def calling_hours_sample(self, line, head, why, answers):
        """A daily window of the user's own: no law, only a zone."""
        local = datetime.fromisoformat(line["instant_utc"]).astimezone(zone(line["iana_zone"]))
        answer = "permit" if 8 <= local.hour < 21 else "prohibit"
        assert answer == answers[line["expected"]], line
        self.put("calling-hours", {
            "name": f"X-0800-2100: {head}: {why}", "citation": "none: the user's own daily window, law set aside",
            "attempt": {"at": line["instant_utc"], "purpose": line["purpose"], "zone": line["iana_zone"]},
            "expect": answer, "codes": ["law-not-applied"], "settings": {"calling_hours": "08:00-21:00"}})

    def write(self, folder):
        for file, cases in sorted(self.files.items()):
            ordered = sorted(cases.values(), key=lambda case: (case["name"].split(":")[0], case["attempt"]["at"],
                                                                case["name"]))
            lines = ",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in ordered)
            (folder / f"{file}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
