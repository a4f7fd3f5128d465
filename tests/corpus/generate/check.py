"""Checks the corpus's form and prints how often each provision of the rulebook is met; exit code 1 if it falls short.

    python tests/corpus/generate/check.py
"""

import json
import sys
import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path

CORPUS = Path(__file__).parent.parent
RULEBOOK = CORPUS.parent.parent / "crates" / "core-compliance" / "rulebook"
KEYS = ["name", "citation", "attempt", "expect", "codes", "rules", "permitted_until", "next_opening", "settings"]
ATTEMPT_KEYS = {"at", "purpose", "channel", "zone", "places", "consent", "business_relationship", "callee_kind",
                "caller_kind", "attempts", "region", "country", "phone", "postal_code"}
LEAST = 4


def faults_of(case):
    """What is wrong with the form of one case."""
    for key in KEYS[:4]:
        if not case.get(key):
            yield f"no {key}"
    if [key for key in case if key not in KEYS] or sorted(case, key=KEYS.index) != list(case):
        yield f"keys are {list(case)}"
    if not set(case["attempt"]) <= ATTEMPT_KEYS:
        yield f"attempt has {sorted(set(case['attempt']) - ATTEMPT_KEYS)}"
    if case["expect"] not in ("permit", "prohibit"):
        yield f"expect is {case['expect']}"
    if ("permitted_until" in case and case["expect"] != "permit") or (
            "next_opening" in case and case["expect"] != "prohibit"):
        yield "the change does not fit the decision"
    now = datetime.fromisoformat(case["attempt"]["at"])
    for key in ("permitted_until", "next_opening"):
        if case.get(key) and datetime.fromisoformat(case[key]) <= now:
            yield f"{key} is past"
    for each in case["attempt"].get("attempts", []):
        if datetime.fromisoformat(each if isinstance(each, str) else each["at"]) > now:
            yield "an attempt is later than the case"


def main():
    faults, met, named, answers = [], Counter(), Counter(), Counter()
    for path in sorted(CORPUS.glob("*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))
        names = Counter(case["name"] for case in cases)
        faults += [f"{path.name}: {name} {count} times" for name, count in names.items() if count > 1]
        for case in cases:
            faults += [f"{path.name}: {case['name']}: {fault}" for fault in faults_of(case)]
            own = case["name"].split(":")[0]
            named[own] += 1
            met.update({own, *case.get("rules", [])})
            answers.update([case["expect"], *({"permitted_until", "next_opening"} & set(case))])
        answers["cases"] += len(cases)
        print(f"{len(cases):5}  {path.name}")
    print(dict(answers))
    for path in sorted(RULEBOOK.glob("*.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        for row in tables.get("rule", []) + tables.get("cap", []):
            rid = row["id"]
            print(f"{named[rid]:5} named  {met[rid]:5} met  {rid}  {row.get('status', 'law')}")
            if met[rid] < LEAST:
                faults.append(f"{rid}: only {met[rid]} cases")
    print("\n".join(faults) or "no faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
