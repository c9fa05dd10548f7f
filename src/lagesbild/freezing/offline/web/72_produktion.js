/* Produktion: inflow, production and the queue they explain, and how much of the capacity is used. */
function produktion(choice) {
  const area = oneArea(choice);
  const grouped = choice.place.level === "healthcare_region";
  const place = grouped ? COUNTRY : choice.place;
  const out = { kicker: "Produktion", sentences: [], more: [], facts: [], nodes: [] };
  const rows = area ? table("production").where({ level: place.level, region: place.code, care_area: area.code }) : [];
  const months = rows.map(function (k) { return table("production").at("period", k); }).filter(function (m) { return m <= choice.month; }).sort(function (a, b) { return a - b; });
  if (!months.length) {
    out.nodes.push(emptyBox("Det finns inga tal om produktion för urvalet.", "Välj en annan region, ett annat vårdområde eller en senare månad."));
    return out;
  }
  const m = months[months.length - 1];
  out.kicker = "Produktion för " + small(area.name) + ", " + placeInWords(place) + ", " + monthName(m) + onlyOne(choice);
  const now = {};
  ["added", "performed", "removed_other", "waiting"].forEach(function (n) { now[n] = cell("production", n, place, area.code, m); });
  out.sentences = [isNumber(now.performed) && isNumber(now.added)
    ? count(now.performed) + " genomfördes och " + count(now.added) + " tillkom." : "Månadens genomförda och nytillkomna " + why(isNumber(now.performed) ? now.added : now.performed) + "."];
  out.more = [isNumber(now.waiting) ? count(now.waiting) + " väntade vid månadens slut." : "", grouped ? "Produktion summeras inte för sjukvårdsregioner; riket visas." : "",
    m < choice.month ? "Den senaste månaden med tal är " + monthName(m) + "." : ""];
  out.nodes.push(balanceFigure(choice, place, area, months), queueFigure(choice, place, area, months), capacityFigure(choice, place, area));
  return out;
}

const BALANCE = [["added", "Nytillkomna"], ["performed", "Genomförda"], ["removed_other", "Övriga avslut"], ["waiting", "Väntar"]];

function earlyIn(name, place, area, m) { return cell(name, "provisional", place, area, m) === 1; }

function balanceTable(place, area, months) {
  const columns = [{ title: "Månad", kind: "text" }].concat(BALANCE.map(function (b) { return { title: b[1], kind: "count" }; }),
    [{ title: "Plan", kind: "count" }, { title: "Väntetid, median dagar", kind: "days" }]);
  const rows = months.map(function (m) {
    return { cells: [capital(monthName(m))].concat(BALANCE.map(function (b) { return b[0]; }).concat(["planned", "wait_days_median"]).map(function (n) {
      return cell("production", n, place, area.code, m);
    })), note: earlyIn("production", place, area.code, m) ? "prel." : "" };
  }).reverse();
  return { caption: "Balans månad för månad, " + small(area.name) + ", " + placeInWords(place), columns: columns, rows: rows };
}

function balanceFigure(choice, place, area, months) {
  const spec = balanceTable(place, area, months);
  const values = {};
  BALANCE.forEach(function (b) { values[b[0]] = series("production", b[0], place, area.code, months); });
  return figure({
    id: "balans", of: ["production"], title: "Vad som tillkom och vad som lämnade kön, månad för månad",
    summary: "Väntande = väntande månaden före + nytillkomna − genomförda − övriga avslut.",
    draw: function (width) { return balanceBars(width, { months: months, values: values, label: "Stapeldiagram: genomförda, övriga avslut och nytillkomna per månad. Samma tal finns i tabellen." }); },
    legend: [el("span", {}, el("span", { class: "key-box series", "aria-hidden": "true" }), "genomförda"), el("span", {}, el("span", { class: "key-box context", "aria-hidden": "true" }), "övriga avslut"),
      el("span", {}, el("span", { class: "key-tick", "aria-hidden": "true" }), "nytillkomna")].concat(holeLegend([values.performed])),
    table: spec, notes: [protectedNote(spec.rows, spec.columns)].filter(Boolean)
  }, choice);
}

function queueFigure(choice, place, area, months) {
  const values = series("production", "waiting", place, area.code, months);
  const spec = { caption: "Väntande vid månadens slut, " + small(area.name), columns: [{ title: "Månad", kind: "text" }, { title: "Väntar", kind: "count" }],
    rows: months.map(function (m, k) { return { cells: [capital(monthName(m)), values[k]] }; }).reverse() };
  return figure({
    id: "vantande", of: ["production"], span: 6, title: "Så många väntar vid månadens slut", summary: "I samma regioner som produktionen räknas i.",
    draw: function (width) {
      return lines(width, { months: months, unit: "personer", zero: true, format: count, label: "Linjediagram: antal väntande. Samma tal finns i tabellen.",
        series: [{ name: capital(place.name), values: values, kind: "own" }] });
    },
    legend: holeLegend([values]), table: spec, notes: [protectedNote(spec.rows, spec.columns)].filter(Boolean)
  }, choice);
}

function capacityFigure(choice, place, area) {
  const t = table("capacity");
  const months = t.where({ level: place.level, region: place.code, care_area: area.code }).map(function (k) { return t.at("period", k); })
    .filter(function (m) { return m <= choice.month; }).sort(function (a, b) { return a - b; });
  if (!months.length) { return el("figure", { class: "fig c6" }, emptyBox("Kapacitet är inte rapporterad för urvalet.", "Andra regioner kan ha rapporterat.")); }
  const get = function (n) { return series("capacity", n, place, area.code, months); };
  const capacity = get("capacity"), performed = get("performed"), used = get("used_share");
  const spec = { caption: "Kapacitet och genomförda, " + small(area.name), columns: [{ title: "Månad", kind: "text" }, { title: "Kapacitet", kind: "count" }, { title: "Genomförda", kind: "count" }, { title: "Utnyttjat", kind: "share" }],
    rows: months.map(function (m, k) { return { cells: [capital(monthName(m)), capacity[k], performed[k], used[k]], note: earlyIn("capacity", place, area.code, m) ? "prel." : "" }; }).reverse() };
  const last = used[used.length - 1];
  return figure({
    id: "kapacitet", of: ["capacity"], span: 6, title: isNumber(last) ? percent(last) + " av kapaciteten användes i " + monthName(months[months.length - 1]) : "Kapacitet och genomförda",
    summary: "Så många som kunde genomföras, och så många som genomfördes.",
    draw: function (width) {
      return lines(width, { months: months, unit: "åtgärder", zero: true, format: count, label: "Linjediagram: kapacitet och genomförda. Samma tal finns i tabellen.",
        series: [{ name: "Kapacitet", values: capacity, kind: "context" }, { name: "Genomförda", values: performed, kind: "own" }] });
    },
    legend: holeLegend([performed]), table: spec, notes: [protectedNote(spec.rows, spec.columns)].filter(Boolean)
  }, choice);
}
