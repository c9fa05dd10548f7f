/* Läget: what the pages said, and the status matrix of the month. */
const FLAG_WORDS = { open: "öppet", expected: "väntas", watch: "bevakas" };
const GAP_TARGET = 0.8;

/* Words for the place and care area, else the nearest wider ones; with a note of whom they are about. */
function toldOf(choice) {
  const code = choice.place.level === "country" ? "" : choice.place.code;
  for (const wanted of [[code, choice.area], [code, ""], ["", choice.area], ["", ""]]) {
    const found = DATA.told.find(function (t) { return t[0] === wanted[0] && t[1] === wanted[1]; });
    if (found) { return { words: found, exact: wanted[0] === code && wanted[1] === choice.area, country: wanted[0] === "" && code !== "" }; }
  }
  return null;
}

function lage(choice) {
  const told = toldOf(choice);
  const out = { kicker: "Lägesbild för " + monthName(choice.month) + ", " + placeInWords(choice.place), sentences: [], more: [], facts: [], nodes: [] };
  if (told && choice.month === LAST) {
    out.kicker = told.words[2];
    out.sentences = told.words[3];
    out.more = [told.words[4], told.exact ? "" : told.country ? "Texten gäller riket." : "Texten gäller alla vårdområden."];
    out.facts = told.words[5];
  } else if (told) {
    out.more = ["Bedömningar och nyckeltal finns för den senaste månaden, " + monthName(LAST) + ". Talen nedan gäller " + monthName(choice.month) + "."];
  }
  if (!AREAS.length) { out.nodes.push(emptyBox("Det finns inga tal om väntande i bilden.", "Ögonblicksbilden gjordes innan någon region hade rapporterat.")); return out; }
  out.nodes.push(matrixFigure(choice));
  if (choice.month === LAST) { out.nodes.push(flagList(choice)); }
  const published = publishedFigure(choice);
  if (published) { out.nodes.push(published); }
  return out;
}

function gapTarget() {
  const all = [...new Set(table("gaps").column("target_share"))];
  return all.some(function (t) { return Math.abs(t - GAP_TARGET) < 1e-9; }) ? all.find(function (t) { return Math.abs(t - GAP_TARGET) < 1e-9; }) : all[0];
}

function flagOf(region, area) {
  const row = table("gaps").find(["region", "care_area", "target_share"], [region, area, gapTarget()]);
  const status = table("gaps").at("status", row);
  return status in FLAG_WORDS ? { status: status, opens: table("gaps").at("opens_period", row) } : null;
}

function shareCell(place, area, month) {
  const share = cell("waits", "within_limit_share", place, area, month);
  const coarse = cell("waits", "within_limit_share_coarse", place, area, month) === 1;
  return { value: share, decimals: coarse ? 0 : 1 };
}

function early(place, area, month) { return cell("waits", "provisional", place, area, month) === 1; }
function earlyAny(place, areas, month) { return areas.some(function (a) { return early(place, a.code, month); }); }

function matrixPlaces(choice) {
  const regions = regionsOf(choice.place.level === "region" ? COUNTRY : choice.place);
  return [COUNTRY].concat(choice.place.level === "healthcare_region" ? [choice.place] : [], regions);
}

function matrixFigure(choice) {
  const areas = areasShown(choice);
  const places = matrixPlaces(choice);
  const days = [...new Set(areas.map(function (a) { return limitDays(COUNTRY, a.code, choice.month); }))].filter(Boolean);
  const within = days.length === 1 ? "högst " + days[0] + " dagar" : "inom vårdgarantin";
  const flags = choice.month === LAST;
  const low = [];
  places.filter(function (p) { return p.level === "region"; }).forEach(function (p) {
    areas.forEach(function (a) { const s = shareCell(p, a.code, choice.month); if (isNumber(s.value)) { low.push([s.value, p.name, a.short]); } });
  });
  low.sort(function (a, b) { return a[0] - b[0]; });
  const columns = [{ title: "Region", kind: "text" }];
  areas.forEach(function (a) {
    columns.push({ title: a.name + ", andel inom gränsen", kind: "share" });
    if (flags) { columns.push({ title: a.name + ", kapacitetsgap", kind: "text" }); }
  });
  const rows = places.map(function (p) {
    const cells = [p.name];
    areas.forEach(function (a) {
      cells.push(shareCell(p, a.code, choice.month));
      if (flags) { const f = p.level === "region" ? flagOf(p.code, a.code) : null; cells.push(f ? flagWords(f) : "–"); }
    });
    return { cells: cells, emphasis: emphasisOf(p, choice), note: earlyAny(p, areas, choice.month) ? "prel." : "" };
  });
  return figure({
    id: "statusmatris", span: choice.month === LAST ? 9 : 12,
    title: low.length > 2 ? "Lägst andel i " + low[0][1] + " för " + small(low[0][2]) + " och i " + low[1][1] + " för " + small(low[1][2]) : "Andel inom vårdgarantin per region",
    summary: "Andel av de väntande som väntat " + within + ", i procent, " + monthName(choice.month) + ".",
    draw: function (width) { return matrixNode(choice, areas, places, width, flags); },
    table: { caption: "Andel som väntat inom vårdgarantin per region och vårdområde, " + monthName(choice.month), columns: columns, rows: rows },
    notes: noteLines(places, areas, choice.month)
  }, choice);
}

function flagWords(f) { return f.status === "open" ? "öppet" : FLAG_WORDS[f.status] + (f.opens === null ? "" : " " + monthShort(f.opens)); }
function emphasisOf(p, choice) { return p.level === "country" ? "country" : p.level === choice.place.level && p.code === choice.place.code ? "chosen" : ""; }

/* The flags of the latest run, as words with a way to each forecast. */
function flagList(choice) {
  const t = table("gaps");
  const codes = new Set(regionsOf(choice.place).map(function (r) { return r.code; }));
  const rows = t.where({ target_share: gapTarget() }).filter(function (k) { return codes.has(t.at("region", k)) && (!choice.area || t.at("care_area", k) === choice.area); });
  const parts = STATUS.map(function (s) {
    const found = rows.filter(function (k) { return t.at("status", k) === s[0]; }).sort(function (a, b) { return (t.at("opens_period", a) ?? 0) - (t.at("opens_period", b) ?? 0); });
    return found.length ? [el("h3", { class: "sub" }, s[1]), el("ul", { class: "warn" }, found.map(function (k) { return flagItem(choice, t, k, s[0]); }))] : null;
  });
  const some = parts.some(Boolean);
  return el("section", { class: "fig c3", id: "flaggor", "aria-labelledby": "flaggor-title" }, el("h2", { id: "flaggor-title" }, "Kapacitetsgap"),
    el("p", { class: "sum" }, "Under " + decimal((gapTarget() ?? GAP_TARGET) * 100, 0) + NB + "% två månader i rad, säsongen borträknad."),
    some ? parts : el("p", { class: "state" }, rows.length ? "Inget gap" + thatCan(t, rows) + " är öppet, väntas eller bevakas i urvalet." : "Inga gap är bedömda för urvalet."),
    el("p", { class: "more-link" }, el("a", { href: address(choice, { section: "kapacitetsgap" }) }, "Alla kapacitetsgap")));
}

function flagItem(choice, t, k, status) {
  const region = REGIONS.find(function (r) { return r.code === t.at("region", k); });
  const area = t.at("care_area", k);
  const opens = t.at("opens_period", k);
  const p = t.at("probability_12m", k);
  const extra = t.at("extra_per_week_to_target", k);
  const words = [status === "open" ? (opens === null ? "Öppet." : "Öppet sedan " + monthName(opens) + ".")
    : (opens === null ? "" : capital(monthName(opens))) + range(t.at("opens_lo", k), t.at("opens_hi", k)) + (isNumber(p) ? ", sannolikhet " + decimal(p * 100, 0) + NB + "%." : "."),
    isNumber(extra) && extra >= 0.05 ? decimal(extra, 1) + " fler i veckan når gränsen." : ""];
  const name = areaShort(area) + ", " + regionName(t.at("region", k));
  return el("li", {}, flagIcon(status), el("div", {}, el("p", { class: "hd" }, region ? el("a", { href: address(choice, { section: "prognos", place: region, area: area }) }, el("b", {}, name)) : name), el("p", {}, words.join(" "))));
}

function areaShort(code) { const a = AREAS.find(function (x) { return x.code === code; }); return a ? a.short : areaName(code); }

/* What the country itself has published: real, also where the rest is invented. */
function publishedFigure(choice) {
  const t = table("published-totals");
  const rows = [];
  for (let k = t.rows - 1; k >= 0; k--) {
    if (t.at("period", k) <= choice.month) { rows.push({ cells: [capital(monthName(t.at("period", k))), areaName(t.at("care_area", k)), t.at("waiting", k), t.at("added", k), t.at("performed", k), t.at("x_source", k)], note: t.at("provisional", k) === 1 ? "prel." : "" }); }
  }
  if (!rows.length || choice.place.level !== "country" || choice.area) { return null; }
  const columns = [{ title: "Månad", kind: "text" }, { title: "Vårdområde", kind: "text" }, { title: "Väntar", kind: "count" }, { title: "Nytillkomna", kind: "count" }, { title: "Genomförda", kind: "count" }, { title: "Källa", kind: "text" }];
  return figure({ id: "publicerade-rikstal", title: "Publicerade rikstal", summary: "Som källan publicerat dem, aldrig en summa av regionerna här.", real: true,
    draw: function () { return newestOf(t, rows); },
    table: { caption: "Publicerade rikstal", columns: columns, rows: rows } }, choice);
}

/* The newest month of each care area in words; all months are in the table. */
function newestOf(t, rows) {
  const newest = new Map();
  rows.forEach(function (r) { if (!newest.has(r.cells[1])) { newest.set(r.cells[1], r.cells); } });
  return el("ul", { class: "newest" }, [...newest.values()].map(function (c) {
    return el("li", {}, el("b", {}, c[1]), ", " + small(c[0]) + ": " + shown(c[2], { kind: "count" }) + " väntar" + (isNumber(c[4]) ? ", " + count(c[4]) + " genomfördes" : "") + ".");
  }));
}

/* Why something is missing, from the reports of the month. */
function noteLines(places, areas, month) {
  const reasons = [];
  const t = table("reporting");
  places.filter(function (p) { return p.level === "region"; }).forEach(function (p) {
    const gone = areas.some(function (a) { return ["missing", "excluded"].includes(stateOf(shareCell(p, a.code, month).value)); });
    const row = gone ? t.find(["region", "register", "period"], [p.code, "waits", month]) : undefined;
    const text = t.at("reason", row);
    if (text) { reasons.push(p.name + ": " + small(text).replace(/\.$/, "") + "."); }
  });
  const some = places.some(function (p) { return earlyAny(p, areas, month); });
  return [reasons.join(" "), some ? "prel.: preliminärt, någon uppgift bakom talet kan ändras." : ""].filter(Boolean);
}

function limitDays(place, area, month) { return cell("waits", "limit_days", place, area, month); }

function matrixNode(choice, areas, places, width, flags) {
  const wide = width >= 640;
  const head = el("tr", {}, el("th", { scope: "col" }, "Region"), areas.map(function (a) {
    return el("th", { scope: "col", class: "area", colspan: wide ? 2 : 1 }, wide ? a.name : a.short);
  }));
  const body = places.map(function (p, k) {
    const next = places[k + 1];
    const end = p.level === "region" && next && next.group !== p.group;
    const name = p.level === "country" ? p.name : el("a", { href: address(choice, { place: p }) }, p.name);
    const mark = earlyAny(p, areas, choice.month) ? el("span", { class: "prel" }, " prel.") : null;
    return el("tr", { class: [p.level === "country" ? "nat" : "", emphasisOf(p, choice) === "chosen" ? "me" : "", end ? "ge" : ""].join(" ").trim() || null },
      el("th", { scope: "row" }, name, mark), areas.map(function (a) { return matrixCells(choice, p, a, wide, flags); }));
  });
  const legend = el("div", { class: "leg" }, el("span", { class: "steps", role: "img", "aria-label": "Skala: 95–100, 90–94,9, 85–89,9, 80–84,9, under 80" },
    ["95–100", "90–94,9", "85–89,9", "80–84,9", "under 80"].map(function (w, k) { return el("span", { class: "lv lv" + (k + 1) }, w); })),
    wide ? el("span", {}, "linje: 24 månader, femton procentenheter hög") : null,
    flags ? Object.keys(FLAG_WORDS).map(function (s) { return el("span", {}, flagIcon(s), "gap " + FLAG_WORDS[s]); }) : null,
    holeLegend([places.flatMap(function (p) { return areas.map(function (a) { return shareCell(p, a.code, choice.month).value; }); })]));
  const caption = "Andel som väntat inom vårdgarantin, i procent, och kapacitetsgap per region och vårdområde";
  return el("div", {}, el("div", { class: "scroll", role: "region", "aria-label": "Statusmatris", tabindex: "0" },
    el("table", { class: "mx offline-mx" }, el("caption", { class: "vh" }, caption), el("thead", {}, head), el("tbody", {}, body))), legend);
}

function flagIcon(status) { return el("span", { class: "flag flag-" + status, "aria-hidden": "true" }); }

function matrixCells(choice, p, a, wide, flags) {
  const now = shareCell(p, a.code, choice.month);
  const flag = flags && p.level === "region" ? flagOf(p.code, a.code) : null;
  const value = isNumber(now.value) ? el("span", { class: "lv lv" + levelOf(now.value) }, decimal(now.value * 100, now.decimals))
    : [wide ? el("span", { class: "hole", "aria-hidden": "true" }) : null, el("span", { class: "said st" }, stateNodes(now.value))];
  const note = flag ? el("span", { class: "gp" }, flagIcon(flag.status), hidden("kapacitetsgap " + flagWords(flag)),
    wide ? el("span", { "aria-hidden": "true" }, flag.status === "open" ? "öppet" : flag.opens === null ? FLAG_WORDS[flag.status] : monthShort(flag.opens).slice(0, 3)) : null) : null;
  const state = isNumber(now.value) ? "" : " st-" + stateOf(now.value);
  if (!wide) { return el("td", { class: "sh" + state }, el("span", { class: "gp" }, value, note)); }
  const at = MONTHS.indexOf(choice.month);
  const months = MONTHS.slice(Math.max(0, at - 23), at + 1);
  return [el("td", { class: "sh" + state, colspan: isNumber(now.value) ? null : 2 }, value, isNumber(now.value) ? null : note),
    isNumber(now.value) ? el("td", { class: "tr" }, el("span", {}, spark(series("waits", "within_limit_share", p, a.code, months)), note)) : null];
}

/* A line on a common span of fifteen points, so that slopes can be compared between cells. */
function spark(values) {
  const known = values.filter(isNumber);
  const w = 84, h = 22, span = 0.15;
  const middle = (Math.max(...known) + Math.min(...known)) / 2;
  const x = function (k) { return 2 + k / Math.max(1, values.length - 1) * (w - 7); };
  const y = function (v) { return h - 3 - Math.min(1, Math.max(0, (v - middle + span / 2) / span)) * (h - 6); };
  const last = values[values.length - 1];
  return svg("svg", { width: w, height: h, class: "chart", "aria-hidden": "true" }, svg("path", { d: path(values, x, y), class: "line spark-own" }),
    isNumber(last) ? svg("circle", { cx: x(values.length - 1), cy: y(last), r: 3, class: "dot noise" }) : null);
}
