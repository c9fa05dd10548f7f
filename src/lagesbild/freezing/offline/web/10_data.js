/* The frozen tables, unpacked when asked for (see packing.py). A measure is a number, or the mark of why there is none. */
const DATA = JSON.parse(document.getElementById("data").textContent);
const STATES = { "<": "suppressed", ":": "secondary", "-": "excluded" };

function unpacked(column) {
  let values = column.v;
  if (!values) {
    values = [];
    for (let k = 0; k < column.r.length; k += 2) {
      for (let n = 0; n < column.r[k + 1]; n++) { values.push(column.r[k]); }
    }
  }
  return column.d ? values.map(function (v) { return column.d[v]; }) : values;
}

class Table {
  constructor(raw) {
    this.raw = raw;
    this.rows = raw ? raw.rows : 0;
    this.columns = {};
    this.indices = {};
  }

  has(name) { return Boolean(this.raw && this.raw.data[name]); }

  column(name) {
    if (!this.columns[name]) { this.columns[name] = this.has(name) ? unpacked(this.raw.data[name]) : []; }
    return this.columns[name];
  }

  at(name, row) { return row === undefined ? null : this.column(name)[row] ?? null; }

  title(name) { return (this.raw.columns.find(function (c) { return c[0] === name; }) || [name, name])[1]; }

  /* The row with these values of these columns; undefined when there is none. */
  find(names, values) {
    const key = names.join("\u0001");
    if (!this.indices[key]) {
      const columns = names.map((n) => this.column(n));
      const index = new Map();
      for (let k = 0; k < this.rows; k++) {
        index.set(columns.map(function (c) { return c[k]; }).join("\u0001"), k);
      }
      this.indices[key] = index;
    }
    return this.indices[key].get(values.join("\u0001"));
  }

  /* Numbers of all rows with these values, in the table's order. */
  where(wanted) {
    const names = Object.keys(wanted);
    const columns = names.map((n) => this.column(n));
    const out = [];
    for (let k = 0; k < this.rows; k++) {
      if (columns.every(function (c, j) { return c[k] === wanted[names[j]]; })) { out.push(k); }
    }
    return out;
  }
}

const tables = {};
function table(name) { return tables[name] || (tables[name] = new Table(DATA.tables[name])); }

function isNumber(x) { return typeof x === "number" && isFinite(x); }
function stateOf(x) { return isNumber(x) ? "" : STATES[x] || "missing"; }

/* Regions and care areas in their order, with the names they are called by. */
const REGIONS = (function () {
  const t = table("regions");
  const parents = new Set(t.column("parent").filter(Boolean));
  const out = [];
  for (let k = 0; k < t.rows; k++) {
    const code = t.at("code", k);
    out.push({ level: "region", code: code, name: t.at("short_name", k) || t.at("name", k), group: t.at("healthcare_region", k) || "", whole: parents.has(code) });
  }
  const shown = new Set(table("waits").where({ level: "region" }).map(function (k) { return table("waits").at("region", k); }));
  return out.filter(function (r) { return shown.size ? shown.has(r.code) : !r.whole; });
})();
const COUNTRY = { level: "country", code: "", name: "Riket", group: "" };
const GROUPS = [...new Set(REGIONS.map(function (r) { return r.group; }))].filter(Boolean).map(function (g) {
  return { level: "healthcare_region", code: g, name: g, group: g };
});
const AREAS = (function () {
  const t = table("care-areas");
  const shown = new Set(table("waits").column("care_area"));
  const out = [];
  for (let k = 0; k < t.rows; k++) {
    const name = t.at("name", k);
    const short = (t.has("short_name") && t.at("short_name", k)) || name.replace(/operation$/, "") || name;
    if (shown.has(t.at("code", k))) { out.push({ code: t.at("code", k), name: name, short: short }); }
  }
  return out;
})();
const MONTHS = [...new Set(table("waits").column("period"))].sort(function (a, b) { return a - b; });
const LAST = MONTHS.length ? MONTHS[MONTHS.length - 1] : null;

function regionName(code) {
  const found = REGIONS.find(function (r) { return r.code === code; });
  if (found) { return found.name; }
  const row = table("regions").find(["code"], [code]);
  return row === undefined ? code : table("regions").at("short_name", row) || table("regions").at("name", row);
}

function areaName(code) {
  const row = table("care-areas").find(["code"], [code]);
  return row === undefined ? code : table("care-areas").at("name", row);
}

/* A measure of a place, care area and month in `waits`, `production` or `capacity`. */
function cell(name, measure, place, area, month) {
  const t = table(name);
  const row = place.level === "healthcare_region"
    ? t.find(["level", "healthcare_region", "care_area", "period"], [place.level, place.code, area, month])
    : t.find(["level", "region", "care_area", "period"], [place.level, place.code, area, month]);
  return t.at(measure, row);
}

function series(name, measure, place, area, months) {
  return months.map(function (m) { return cell(name, measure, place, area, m); });
}
