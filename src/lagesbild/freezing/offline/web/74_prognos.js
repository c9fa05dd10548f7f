/* Prognos: the fan of a region and care area, with what came before it. */
const MEASURES = [["within_limit_share", "share", "Andel inom vårdgarantin"], ["waiting", "count", "Väntande"], ["expected_wait_days", "days", "Förväntad väntetid, dagar"],
  ["added", "count", "Nytillkomna"], ["performed", "count", "Genomförda"]];
const QUANTILES = ["p50", "lo50", "hi50", "lo80", "hi80", "lo95", "hi95"];

function forecastRows(place, area, measure) {
  const t = table("forecasts");
  return t.where({ region: place.code, care_area: area.code, measure: measure }).sort(function (a, b) { return t.at("period", a) - t.at("period", b); });
}

function prognos(choice) {
  const area = oneArea(choice);
  const t = table("forecasts");
  const grouped = choice.place.level === "healthcare_region";
  const place = grouped ? COUNTRY : choice.place;
  const out = { kicker: "Prognos", sentences: [], more: [], facts: [], nodes: [] };
  const rows = area ? forecastRows(place, area, "within_limit_share") : [];
  if (!rows.length) { out.nodes.push(emptyBox("Det finns ingen prognos för urvalet.", "Prognoser görs för regioner med minst 24 månaders tal. Välj en annan region eller ett annat vårdområde.")); return out; }
  const until = t.at("until", rows[0]);
  out.kicker = "Prognos för " + small(area.name) + ", " + placeInWords(place) + ", från tal till och med " + monthName(until) + onlyOne(choice);
  const k = rows[Math.min(5, rows.length - 1)];
  const rough = wholePercent(t, rows);
  const low = t.at("lo80", k), high = t.at("hi80", k), middle = t.at("p50", k);
  out.sentences = [isNumber(middle) ? "I " + monthName(t.at("period", k)) + " väntas " + percent(middle, rough) + " av de väntande ligga inom vårdgarantin, i åtta utfall av tio mellan " + decimal(low * 100, rough ? 0 : 1) + " och " + percent(high, rough) + "."
    : "Prognosen visas inte, eftersom den kan upprepa ett skyddat tal."];
  out.more = [grouped ? "Prognoser görs inte för sjukvårdsregioner; riket visas." : "", choice.month < until ? "Prognosen är den senaste, också när en tidigare månad är vald." : ""];
  MEASURES.slice(0, 3).forEach(function (m, n) { out.nodes.push(fanFigure(choice, place, area, m, until, n ? 6 : 12)); });
  out.nodes.push(allMeasures(choice, place, area));
  return out;
}

/* Whether shares are told in whole per cent only, because the counts behind are hidden. */
function wholePercent(t, rows) {
  return rows.every(function (k) { return QUANTILES.every(function (q) { const v = t.at(q, k); return !isNumber(v) || Math.abs(v * 100 - Math.round(v * 100)) < 1e-9; }); });
}

function history(measure, place, area, months) {
  if (measure === "within_limit_share" || measure === "waiting") { return series("waits", measure, place, area.code, months); }
  return months.map(function () { return null; });
}

function measureText(measure, v, rough) {
  return measure[1] === "share" ? decimal(v * 100, rough ? 0 : 1) : decimal(v, 0);
}

function fanFigure(choice, place, area, measure, until, span) {
  const t = table("forecasts");
  const rows = forecastRows(place, area, measure[0]);
  const ahead = rows.map(function (k) { return t.at("period", k); });
  const past = measure[0] === "expected_wait_days" ? [] : MONTHS.filter(function (m) { return m <= until && m > until - (span === 12 ? 36 : 24); });
  const was = history(measure[0], place, area, past);
  const months = past.concat(ahead);
  const values = function (name) { return past.map(function () { return null; }).concat(rows.map(function (k) { return t.at(name, k); })); };
  const join = function (name) { const v = values(name); if (past.length && isNumber(was[past.length - 1]) && rows.length) { v[past.length - 1] = was[past.length - 1]; } return v; };
  const hidden_ = rows.length > 0 && !rows.some(function (k) { return isNumber(t.at("p50", k)); });
  const rough = measure[1] === "share" && wholePercent(t, rows);
  const column = function (title) { return { title: title, kind: measure[1], decimals: rough ? 0 : undefined }; };
  const columns = [{ title: "Månad", kind: "text" }, column("Median")].concat([50, 80, 95].flatMap(function (n) {
    return [column(n + " av 100 utfall, från"), column("till")];
  }));
  const spec = { caption: measure[2] + ", prognos för " + small(area.name) + ", " + placeInWords(place), columns: columns,
    rows: rows.map(function (k) { return { cells: [capital(monthName(t.at("period", k)))].concat(QUANTILES.map(function (q) { return t.at(q, k); })) }; }) };
  return figure({
    id: "prognos-" + measure[0].replace(/_/g, "-"), of: ["forecasts"], span: span, title: measure[2] + ", " + rows.length + " månader framåt",
    summary: (past.length ? "Heldragen linje: utfall. " : "") + "Streckad: median. Banden rymmer 50, 80 och 95 av hundra utfall.",
    draw: hidden_ || !rows.length ? null : function (width) {
      return lines(width, { months: months, unit: measure[1] === "share" ? "procent" : measure[1] === "days" ? "dagar" : "personer", height: span === 12 ? 340 : 290, zero: measure[1] !== "share", holes: false,
        format: function (v, step) { return measureText(measure, v, step ? step >= 0.01 : rough); }, label: "Linjediagram: prognos med osäkerhet. Samma tal finns i tabellen.",
        band: [{ lo: join("lo95"), hi: join("hi95"), name: "fan95" }, { lo: join("lo80"), hi: join("hi80"), name: "fan80" }, { lo: join("lo50"), hi: join("hi50"), name: "fan50" }],
        limit: measure[1] === "share" ? { value: GAP_TARGET, name: "Gräns för gap, 80" + NB + "%" } : null, most: measure[1] === "share" ? 1 : undefined,
        series: [{ name: past.length ? "Utfall" : "", values: was.concat(ahead.map(function () { return null; })), kind: "context", marks: false }, { name: "Median", values: join("p50"), kind: "dashed", marks: false }] });
    },
    legend: [["fan50", "50 av 100"], ["fan80", "80 av 100"], ["fan95", "95 av 100"]].map(function (b) { return el("span", {}, el("span", { class: "key-box " + b[0], "aria-hidden": "true" }), b[1]); }),
    table: spec, notes: [hidden_ ? "Prognosen visas inte, eftersom den kan upprepa ett skyddat tal." : "", DATA.stamp.forecast_run].filter(Boolean)
  }, choice);
}

function allMeasures(choice, place, area) {
  const t = table("forecasts");
  const columns = [{ title: "Månad", kind: "text" }, { title: "Mått", kind: "text" }, { title: "Median", kind: "count" }, { title: "80 av 100 utfall, från", kind: "count" }, { title: "till", kind: "count" }];
  const rows = MEASURES.slice(3).flatMap(function (m) {
    return forecastRows(place, area, m[0]).map(function (k) { return { cells: [capital(monthName(t.at("period", k))), m[2], t.at("p50", k), t.at("lo80", k), t.at("hi80", k)] }; });
  });
  return figure({ id: "prognos-floden", of: ["forecasts"], span: 12, title: "Väntat inflöde och väntad produktion", summary: "Nytillkomna och genomförda, månad för månad.", draw: null,
    table: { caption: "Prognos för nytillkomna och genomförda", columns: columns, rows: rows }, notes: [protectedNote(rows, columns)].filter(Boolean) }, choice);
}
