"""The six questions in pandas, as an analyst would write them."""

from collections.abc import Callable, Mapping

import pandas as pd


def questions(tables: Mapping[str, pd.DataFrame], items: list[str]) -> dict[str, Callable[[], pd.DataFrame]]:
    """The questions by name; `tables` are `applications`, `reports` and `regions`."""
    cells, reports, regions = tables["applications"], tables["reports"], tables["regions"]

    def totals(*codes: str) -> pd.DataFrame:
        return cells[(cells["applicant"] == "total") & cells["item"].isin(codes)].astype(
            {"report_id": str, "item": str}
        )

    def national_totals() -> pd.DataFrame:
        known = cells[(cells["applicant"] == "total") & cells["value"].notna()]
        return known.groupby(["report_year", "item"], observed=True)["value"].sum().reset_index()

    def county_rates() -> pd.DataFrame:
        places = reports.merge(regions, on="region_code")
        town = places["level"] == "township"
        places["county"] = places["region_code"].mask(town, places["parent_code"])
        counties = regions.loc[regions["level"] == "county", "region_code"]
        places = places.loc[places["county"].isin(counties), ["report_id", "county"]]
        answered = totals("granted_full", "processed_total").merge(places, on="report_id")
        found = answered.pivot_table(index="county", columns="item", values="value", aggfunc="sum")
        found = found[["granted_full", "processed_total"]][found["processed_total"] > 0].reset_index()
        return found.assign(rate=found["granted_full"] / found["processed_total"])

    def top_agencies() -> pd.DataFrame:
        requests = (
            totals("received_new").dropna(subset="value").merge(reports[["report_id", "agency_id"]], on="report_id")
        )
        found = requests.groupby("agency_id")["value"].sum().reset_index()
        return found.sort_values(["value", "agency_id"], ascending=[False, True]).head(100)

    def row_identities() -> pd.DataFrame:
        signed = cells["value"].where(cells["applicant"] == "total", -cells["value"])
        sums = signed.groupby([cells["report_id"], cells["report_year"], cells["item"]], observed=True)
        found = sums.agg(["sum", "count"]).reset_index().query("count == 7")
        found["held"], found["failed"] = found["sum"] == 0, found["sum"] != 0
        return found.groupby(["report_year", "item"], observed=True)[["held", "failed"]].sum().reset_index()

    def carry_over() -> pd.DataFrame:
        current = reports.loc[reports["is_current"] & reports["agency_id"].notna(), ["report_id", "agency_id"]]
        carried = totals("carried_in", "carried_out").merge(current, on="report_id")
        carried = carried.groupby(["agency_id", "report_year", "item"])["value"].max().unstack("item").reset_index()
        later = carried.assign(report_year=carried["report_year"] - 1)
        pairs = carried.merge(later, on=["agency_id", "report_year"]).dropna(subset=["carried_out_x", "carried_in_y"])
        pairs["difference"] = pairs["carried_in_y"] - pairs["carried_out_x"]
        pairs["agrees"] = pairs["difference"] == 0
        found = pairs.groupby("report_year").agg({"agency_id": "count", "agrees": "sum", "difference": "sum"})
        return found.reset_index()

    def pivot() -> pd.DataFrame:
        wanted = cells[cells["applicant"] == "total"]
        found = wanted.set_index(["report_id", "item"])["value"].unstack("item")
        return found.reindex(columns=items).reset_index()

    return {
        "sum": lambda: cells[["value"]].sum().to_frame().T,
        "national totals": national_totals,
        "county rates": county_rates,
        "top agencies": top_agencies,
        "row identities": row_identities,
        "carry-over": carry_over,
        "pivot": pivot,
    }
