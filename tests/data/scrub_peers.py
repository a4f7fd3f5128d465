"""What DuckDB and polars take for the hours-only job of `curfew scrub`: is it from 08:00 to 21:00 at the callee?

    scrub_peers.py duckdb|polars count LIST
    scrub_peers.py duckdb|polars annotate LIST OUT

Prints how many rows may be called; `annotate` also writes all rows with the decision and the local time beside them. Both
are given the types of the columns, so that neither has to guess, and two threads (THREADS). Neither knows the law, a
reason, until when, or when calling opens.
"""

import os
import sys

THREADS = os.environ.get("THREADS", "2")
COLUMNS = ["external_id", "name", "phone", "region", "postal_code", "zone", "planned_at"]


def with_duckdb(job: str, source: str, target: str) -> int:
    import duckdb

    db = duckdb.connect(config={"threads": THREADS})
    db.execute("set TimeZone = 'UTC'")
    types = {name: "varchar" for name in COLUMNS} | {"planned_at": "timestamptz"}
    rows = f"select *, planned_at at time zone zone as local_time from read_csv('{source}', header = true, columns = {types})"
    is_open = "extract(hour from local_time) between 8 and 20"
    if job == "count":
        return db.execute(f"select count(*) filter ({is_open}) from ({rows})").fetchone()[0]
    judged = f"select *, case when {is_open} then 'permit' else 'prohibit' end as decision from ({rows})"
    db.execute(f"copy ({judged}) to '{target}' (header)")
    return 0


def with_polars(job: str, source: str, target: str) -> int:
    import polars as pl

    at = pl.col("planned_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")

    def judged(group):
        zone = group["zone"][0]
        local = at.dt.convert_time_zone(zone)
        is_open = local.dt.hour().is_between(8, 20)
        return group.with_columns(
            local.dt.to_string("%Y-%m-%dT%H:%M:%S%:z").alias("local_time") if job == "annotate" else pl.lit(None).alias("local_time"),
            pl.when(is_open).then(pl.lit("permit")).otherwise(pl.lit("prohibit")).alias("decision"),
        )

    types = {name: pl.String for name in COLUMNS}
    columns = ["zone", "planned_at"] if job == "count" else None
    rows = pl.read_csv(source, schema=types, columns=columns, row_index_name="row" if job == "annotate" else None)
    groups = [judged(group) for group in rows.partition_by("zone", maintain_order=False)]
    all_rows = pl.concat(groups)
    if job == "annotate":
        all_rows.sort("row").drop("row").write_csv(target)
        return 0
    return all_rows.filter(pl.col("decision") == "permit").height


def main() -> None:
    peer, job, source, *target = sys.argv[1:]
    os.environ["POLARS_MAX_THREADS"] = THREADS
    judge = {"duckdb": with_duckdb, "polars": with_polars}[peer]
    print(judge(job, source, *(target or [""])))


main()
