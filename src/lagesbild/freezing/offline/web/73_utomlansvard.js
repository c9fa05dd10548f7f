/* Utomlänsvård: who is treated where, over twelve months. */
function utomlansvard(choice) {
  const area = oneArea(choice);
  const t = table("out-of-region");
  const out = { kicker: "Utomlänsvård", sentences: [], more: [], facts: [], nodes: [] };
  const ends = area ? t.where({ level: "country", kind: "all", care_area: area.code }).map(function (k) { return t.at("period", k); }).filter(function (m) { return m <= choice.month; }) : [];
  if (!ends.length) { out.nodes.push(emptyBox("Det finns inga tal om utomlänsvård för urvalet.", "Tolv månader med tal behövs. Välj en senare månad eller ett annat vårdområde.")); return out; }
  const end = Math.max(...ends);
  out.kicker = "Utomlänsvård för " + small(area.name) + ", tolv månader till och med " + monthName(end) + onlyOne(choice);
  const all = flow(area, end, "country", "all", "", "");
  out.sentences = [isNumber(all.performed) ? count(all.performed) + " personer fick vård utanför sin hemregion" + (isNumber(all.share) ? ", " + percent(all.share) + " av alla." : ".")
    : "Rikets utomlänsvård " + why(all.performed) + "."];
  if (choice.place.level === "region") {
    const sent = flow(area, end, "region", "sent", choice.place.code, "").performed;
    const got = flow(area, end, "region", "received", "", choice.place.code).performed;
    out.sentences.push(choice.place.name + ": " + (isNumber(sent) ? count(sent) + " fick vård i andra regioner" : "de som fick vård i andra regioner " + why(sent)) + ", " +
      (isNumber(got) ? count(got) + " kom från andra." : "de som kom från andra " + why(got) + "."));
  }
  if (end < choice.month) { out.more = ["De senaste tolv månaderna med tal slutar i " + monthName(end) + "."]; }
  out.nodes.push(choice.place.level === "region" ? waysFigure(choice, area, end) : netFigure(choice, area, end), elsewhereFigure(choice, area, ends));
  const groups = groupFigure(choice, area, end);
  if (groups) { out.nodes.push(groups); }
  const cases = brokeringFigure(choice, area, end);
  if (cases) { out.nodes.push(cases); }
  return out;
}

function flow(area, end, level, kind, home, treating) {
  const t = table("out-of-region");
  const row = t.find(["care_area", "period", "level", "kind", "home_region", "treating_region", "healthcare_region"],
    [area.code, end, level, kind, home, treating, level === "region" ? groupOf(home || treating) : ""]);
  return { performed: t.at("performed", row), share: t.at("elsewhere_share", row), early: t.at("provisional", row) === 1 };
}

function groupOf(code) { const r = REGIONS.find(function (x) { return x.code === code; }); return r ? r.group : ""; }

function pairNotes(spec) { return [protectedNote(spec.rows, spec.columns), "Flöden som är noll står inte med."].filter(Boolean); }
const WAYS = ["fick vård i andra regioner", "kom från andra regioner"];
function wayLegend(names) {
  return names.map(function (n, k) { return el("span", {}, el("span", { class: "key-box " + (k ? "context" : "series"), "aria-hidden": "true" }), n); });
}

function netFigure(choice, area, end) {
  const regions = regionsOf(choice.place);
  const list = regions.map(function (r) {
    const sent = flow(area, end, "region", "sent", r.code, "");
    return { r: r, sent: sent, got: flow(area, end, "region", "received", "", r.code) };
  });
  list.sort(function (a, b) { return (isNumber(b.sent.performed) ? b.sent.performed : -1) - (isNumber(a.sent.performed) ? a.sent.performed : -1); });
  const columns = [{ title: "Region", kind: "text" }, { title: "Fick vård i andra regioner", kind: "count" }, { title: "Andel av regionens alla", kind: "share" }, { title: "Kom från andra regioner", kind: "count" }];
  const rows = list.map(function (d) { return { cells: [d.r.name, d.sent.performed, d.sent.share, d.got.performed], href: address(choice, { place: d.r }), note: d.sent.early ? "prel." : "" }; });
  const spec = { caption: "Utomlänsvård per region, " + small(area.name) + ", tolv månader till och med " + monthName(end), columns: columns, rows: rows };
  return figure({
    id: "floden", of: ["out-of-region"], span: 7, title: list.length > 1 && isNumber(list[0].sent.performed) ? "Flest från " + list[0].r.name + " får vård i andra regioner" : "Utomlänsvård per region",
    summary: "Personer under tolv månader. Välj en region för dess flöden.",
    draw: function (width) {
      return pairs(width, { names: WAYS, label: "Stapeldiagram: utomlänsvård per region. Samma tal finns i tabellen.", rows: list.map(function (d) {
        return { name: d.r.name, values: [d.sent.performed, d.got.performed], texts: [d.sent.performed, d.got.performed].map(function (x) { return isNumber(x) ? count(x) : stateText(x); }) };
      }) });
    },
    legend: wayLegend(WAYS), table: spec, notes: pairNotes(spec)
  }, choice);
}

function waysFigure(choice, area, end) {
  const t = table("out-of-region");
  const code = choice.place.code;
  const list = REGIONS.filter(function (r) { return r.code !== code; }).map(function (r) {
    return { r: r, to: cellFlow(t, area, end, code, r.code), from: cellFlow(t, area, end, r.code, code) };
  }).filter(function (d) { return d.to !== 0 || d.from !== 0; });
  list.sort(function (a, b) { return (isNumber(b.to) ? b.to : 0.5) - (isNumber(a.to) ? a.to : 0.5); });
  const columns = [{ title: "Region", kind: "text" }, { title: "Från " + choice.place.name + " dit", kind: "count" }, { title: "Därifrån till " + choice.place.name, kind: "count" }];
  const spec = { caption: "Flöden till och från " + choice.place.name + ", " + small(area.name) + ", tolv månader till och med " + monthName(end), columns: columns,
    rows: list.map(function (d) { return { cells: [d.r.name, d.to, d.from], href: address(choice, { place: d.r }) }; }) };
  const names = ["från " + choice.place.name + " dit", "därifrån till " + choice.place.name];
  return figure({
    id: "floden", of: ["out-of-region"], span: 7, title: "Vart " + choice.place.name + " skickar och varifrån det kommer", summary: "Personer under tolv månader, per motpart.",
    draw: list.length ? function (width) {
      return pairs(width, { names: names, label: "Stapeldiagram: flöden till och från " + choice.place.name + ". Samma tal finns i tabellen.", rows: list.map(function (d) {
        return { name: d.r.name, values: [d.to, d.from], texts: [d.to, d.from].map(function (x) { return isNumber(x) ? count(x) : stateText(x); }) };
      }) });
    } : null,
    legend: wayLegend(names), table: spec, notes: pairNotes(spec)
  }, choice);
}

/* Flows of zero have no row in the table; where there is one it says the number, or why not. */
function cellFlow(t, area, end, home, treating) {
  const row = t.find(["level", "care_area", "period", "home_region", "treating_region"], ["flow", area.code, end, home, treating]);
  return row === undefined ? 0 : t.at("performed", row);
}

function elsewhereFigure(choice, area, ends) {
  const months = ends.slice().sort(function (a, b) { return a - b; });
  const own = choice.place.level === "region" ? choice.place : null;
  const country = months.map(function (m) { return flow(area, m, "country", "all", "", "").share; });
  const mine = own ? months.map(function (m) { return flow(area, m, "region", "sent", own.code, "").share; }) : null;
  const columns = [{ title: "Tolv månader till", kind: "text" }, { title: "Riket", kind: "share" }].concat(own ? [{ title: own.name, kind: "share" }] : []);
  const rows = months.map(function (m, k) { return { cells: [capital(monthName(m)), country[k]].concat(own ? [mine[k]] : []) }; }).reverse();
  const spec = { caption: "Andel som fått vård utanför hemregionen, " + small(area.name), columns: columns, rows: rows };
  return figure({
    id: "andel-utanfor", of: ["out-of-region"], span: 5, title: "Andel som får vård utanför hemregionen", summary: "Av alla från regionen, rullande tolv månader, i procent.",
    draw: function (width) {
      return lines(width, { months: months, unit: "procent", zero: true, height: 300, format: function (v, step) { return decimal(v * 100, step >= 0.01 ? 0 : 1); }, label: "Linjediagram: andel utanför hemregionen. Samma tal finns i tabellen.",
        series: [{ name: "Riket", values: country, kind: own ? "context" : "own" }].concat(own ? [{ name: own.name, values: mine, kind: "own" }] : []) });
    },
    legend: holeLegend([own ? mine : country]), table: spec, notes: [protectedNote(rows, columns)].filter(Boolean)
  }, choice);
}

function groupFigure(choice, area, end) {
  const t = table("out-of-region");
  const rows = GROUPS.map(function (g) {
    const get = function (kind) {
      return t.at("performed", t.find(["level", "care_area", "period", "healthcare_region", "kind"], ["healthcare_region", area.code, end, g.code, kind]));
    };
    return { cells: [g.name, get("inside"), get("sent_outside"), get("received_outside")], emphasis: emphasisOf(g, choice) };
  });
  if (!rows.some(function (r) { return r.cells.slice(1).some(isNumber); })) { return null; }
  const columns = [{ title: "Sjukvårdsregion", kind: "text" }, { title: "Inom den", kind: "count" }, { title: "Ut ur den", kind: "count" }, { title: "In i den", kind: "count" }];
  return figure({ id: "sjukvardsregioner", of: ["out-of-region"], span: 6, title: "Inom och mellan sjukvårdsregioner", summary: "Personer som fått vård utanför hemregionen, tolv månader.", draw: null,
    table: { caption: "Utomlänsvård per sjukvårdsregion, tolv månader till och med " + monthName(end), columns: columns, rows: rows }, notes: [protectedNote(rows, columns)].filter(Boolean) }, choice);
}

const CASES = [["started", "count"], ["accepted", "count"], ["declined", "count"], ["not_completed", "count"], ["completed", "count"], ["none_found", "count"], ["handling_days", "days"]];

function brokeringFigure(choice, area, end) {
  const t = table("brokering");
  const row = function (level, code) { return t.find(["level", "region", "care_area", "period"], [level, code, area.code, end]); };
  const places = [COUNTRY].concat(regionsOf(choice.place));
  const found = places.map(function (p) { return { p: p, row: row(p.level === "country" ? "country" : "home", p.code) }; }).filter(function (d) { return d.row !== undefined; });
  if (!found.length) { return null; }
  const columns = [{ title: "Hemregion", kind: "text" }].concat(CASES.map(function (c) { return { title: t.title(c[0]) + (c[1] === "days" ? ", dagar" : ""), kind: c[1] }; }));
  const rows = found.map(function (d) { return { cells: [d.p.name].concat(CASES.map(function (c) { return t.at(c[0], d.row); })), emphasis: emphasisOf(d.p, choice) }; });
  return figure({ id: "formedling", of: ["brokering"], span: 12, title: "Vårdförmedlingsärenden", summary: "Ärenden under tolv månader, efter patientens hemregion.", draw: null,
    table: { caption: "Vårdförmedlingsärenden, " + small(area.name) + ", tolv månader till och med " + monthName(end), columns: columns, rows: rows }, notes: [protectedNote(rows, columns)].filter(Boolean) }, choice);
}
