/* Kapacitetsgap: the list of flags of the latest run, open first, and every judged series in the table. */
const STATUS = [["open", "Öppna", "under gränsen två månader i rad"], ["expected", "Väntas", "sannolikhet minst 50" + NB + "%"], ["watch", "Bevakas", "sannolikhet 30–49" + NB + "%"]];

function kapacitetsgap(choice) {
  const t = table("gaps");
  const target = gapTarget();
  const out = { kicker: "Kapacitetsgap", sentences: [], more: [], facts: [], nodes: [] };
  const codes = new Set(regionsOf(choice.place).map(function (r) { return r.code; }));
  const rows = t.where({ target_share: target }).filter(function (k) { return codes.has(t.at("region", k)) && (!choice.area || t.at("care_area", k) === choice.area); });
  if (!rows.length) { out.nodes.push(emptyBox("Inga kapacitetsgap är bedömda för urvalet.", "Bedömning kräver 24 månaders tal och en prognos.")); return out; }
  const until = t.at("until", rows[0]);
  out.kicker = "Kapacitetsgap de kommande tolv månaderna, från tal till och med " + monthName(until) + ", " + placeInWords(choice.place);
  const n = {};
  STATUS.forEach(function (s) { n[s[0]] = rows.filter(function (k) { return t.at("status", k) === s[0]; }); });
  const number = function (k) { return ["Inget", "Ett", "Två", "Tre", "Fyra", "Fem", "Sex", "Sju", "Åtta", "Nio", "Tio", "Elva", "Tolv"][k] || count(k); };
  out.sentences = [number(n.open.length) + " gap är " + (n.open.length === 1 || n.open.length === 0 ? "öppet" : "öppna") + ", " + number(n.expected.length).toLowerCase() + " väntas och " + number(n.watch.length).toLowerCase() + " bevakas."];
  out.more = ["Gap: andelen inom vårdgarantin under " + decimal(target * 100, 0) + NB + "% två månader i rad, säsongen borträknad. " + (rows.length === 1 ? "Tabellen har den enda serien." : "Tabellen har alla " + count(rows.length) + " serier."),
    choice.month < until ? "Bedömningen är den senaste, också när en tidigare månad är vald." : ""];
  const hidden = rows.filter(function (k) { return untold(t, k); }).length;
  if (hidden) { out.sentences.push("Bedömningen av " + (hidden === 1 ? "en serie" : count(hidden) + " serier") + " kan inte visas: den följer av små tal, som är dolda."); }
  out.nodes.push(gapFigure(choice, rows, n, until, target));
  return out;
}

/* A judgement that may not be told is no calm. */
function untold(t, k) { return stateOf(t.at("probability_12m", k)) === "secondary"; }
function thatCan(t, rows) { return rows.some(function (k) { return untold(t, k); }) ? " som kan visas" : ""; }

const GAP_COLUMNS = [["probability_3m", "probability"], ["probability_6m", "probability"], ["probability_12m", "probability"], ["load", "number", 2],
  ["extra_per_week_to_stabilise", "number", 1], ["extra_per_week_to_target", "number", 1], ["expected_wait_days", "days"], ["brokerable_share", "share", 0], ["free_per_month", "count"]];

function gapFigure(choice, rows, n, until, target) {
  const t = table("gaps");
  const flagged = STATUS.flatMap(function (s) { return n[s[0]]; });
  const order = flagged.concat(rows.filter(function (k) { return flagged.indexOf(k) < 0; }));
  const columns = [{ title: "Region", kind: "text" }, { title: "Vårdområde", kind: "text" }, { title: "Läge", kind: "text" }, { title: "Öppnar", kind: "month" }, { title: "tidigast", kind: "month" }, { title: "senast", kind: "month" }]
    .concat(GAP_COLUMNS.map(function (c) { return { title: t.title(c[0]), kind: c[1], decimals: c[2] }; }), [{ title: "Orsak", kind: "text" }]);
  const spec = { caption: "Kapacitetsgap vid gränsen " + decimal(target * 100, 0) + NB + "%", columns: columns, rows: order.map(function (k) {
    return { cells: [regionName(t.at("region", k)), areaName(t.at("care_area", k)), FLAG_WORDS[t.at("status", k)] || (untold(t, k) ? "kan inte visas" : "inget gap"), t.at("opens_period", k), t.at("opens_lo", k), t.at("opens_hi", k)]
      .concat(GAP_COLUMNS.map(function (c) { return t.at(c[0], k); }), [t.at("reason", k) || "–"]) };
  }) };
  return figure({
    id: "gap", title: flagged.length ? gapTitle(t, flagged, until, target) : "Inget gap" + thatCan(t, rows) + " är öppet, väntas eller bevakas",
    summary: "Ordnade efter läge och månad. Fler operationer i veckan ger åtta chanser av tio att nå eller hålla gränsen.",
    draw: flagged.length ? function (width) { return gapNode(choice, n, until, width); } : null,
    table: spec, notes: [protectedNote(spec.rows, spec.columns), DATA.stamp.forecast_run].filter(Boolean)
  }, choice);
}

/* Which of the flagged lies lowest, as far as shares are shown. */
function gapTitle(t, flagged, until, target) {
  const known = flagged.map(function (k) { return [shareCell({ level: "region", code: t.at("region", k) }, t.at("care_area", k), until).value, k]; })
    .filter(function (d) { return isNumber(d[0]) && d[0] < target; }).sort(function (a, b) { return a[0] - b[0]; });
  if (!known.length) { return "Regioner och vårdområden med kapacitetsgap"; }
  return regionName(t.at("region", known[0][1])) + " ligger längst under gränsen, för " + small(areaShort(t.at("care_area", known[0][1])));
}

function gapNode(choice, n, until, width) {
  const t = table("gaps");
  const wide = width >= 760;
  const head = wide ? ["Region", "Vårdområde", "Andel nu, %", "Öppnar", "Sannolikhet inom 12 månader", "Belastning", "Fler i veckan"] : ["Region", "Öppnar", "Fler i veckan"];
  const bodies = STATUS.filter(function (s) { return n[s[0]].length; }).map(function (s) {
    const rows = n[s[0]].slice().sort(function (a, b) { return (t.at("opens_period", a) ?? 0) - (t.at("opens_period", b) ?? 0); });
    return el("tbody", {}, el("tr", { class: "grp" }, el("th", { scope: "rowgroup", colspan: head.length }, flagIcon(s[0]), " ", s[1], el("span", { class: "prel" }, "  " + s[2]))),
      rows.map(function (k) { return gapRow(choice, t, k, s[0], until, wide); }));
  });
  return el("div", {}, el("div", { class: "scroll", role: "region", "aria-label": "Kapacitetsgap", tabindex: "0" },
    el("table", { class: "tt gaps" }, el("caption", { class: "vh" }, "Kapacitetsgap efter läge"),
      el("thead", {}, el("tr", {}, head.map(function (h) { return el("th", { scope: "col" }, h); }))), bodies)));
}

function gapRow(choice, t, k, status, until, wide) {
  const region = REGIONS.find(function (r) { return r.code === t.at("region", k); }) || { level: "region", code: t.at("region", k), name: regionName(t.at("region", k)) };
  const area = t.at("care_area", k);
  const opens = t.at("opens_period", k);
  const now = shareCell(region, area, until);
  const p = t.at("probability_12m", k);
  const extra = t.at("extra_per_week_to_target", k);
  const when = status === "open" ? (opens === null ? "öppet" : "öppet sedan " + monthName(opens))
    : opens === null ? "–" : monthName(opens) + range(t.at("opens_lo", k), t.at("opens_hi", k));
  const place = el("th", { scope: "row" }, el("a", { href: address(choice, { section: "prognos", place: region, area: area }) }, region.name),
    wide ? null : el("span", { class: "under" }, areaShort(area)));
  const number = function (x, column) { return isNumber(x) ? shown(x, column) : stateNodes(x); };
  if (!wide) { return el("tr", {}, place, el("td", {}, when), el("td", {}, number(extra, { kind: "number", decimals: 1 }))); }
  const level = isNumber(now.value) ? el("span", { class: "lv lv" + levelOf(now.value) }, decimal(now.value * 100, now.decimals)) : stateNodes(now.value);
  const bar = isNumber(p) ? el("span", { class: "gp" }, el("span", { class: "pn" }, decimal(p * 100, 0) + NB + "%"),
    el("span", { class: "bar", "aria-hidden": "true" }, el("span", { class: "bar-part bar-" + (status === "watch" ? "noise" : "worse"), style: { width: (p * 100).toFixed(1) + "%" } }), el("span", { class: "bar-tick", style: { left: "50%" } }))) : stateNodes(p);
  return el("tr", {}, place, el("td", {}, areaName(area)), el("td", {}, level), el("td", {}, when), el("td", {}, status === "open" ? "öppet" : bar),
    el("td", {}, number(t.at("load", k), { kind: "number", decimals: 2 })), el("td", {}, number(extra, { kind: "number", decimals: 1 })));
}

function range(low, high) { return low === null || high === null ? "" : " (" + monthShort(low) + "–" + monthShort(high) + ")"; }
