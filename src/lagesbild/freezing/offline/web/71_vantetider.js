/* Väntetider: ranked regions, wait bands, the share over time, and who is left out of the count. */
const BANDS = ["waiting_0_30", "waiting_31_60", "waiting_61_90", "waiting_91_120", "waiting_121_180", "waiting_181_365", "waiting_366_"];

function bandName(name) {
  const parts = name.replace("waiting_", "").split("_");
  return parts[1] ? parts[0] + "–" + parts[1] + " dagar" : parts[0] + " dagar eller fler";
}

function vantetider(choice) {
  const area = oneArea(choice);
  const m = choice.month;
  const out = { kicker: "Väntetider", sentences: [], more: [], facts: [], nodes: [] };
  if (!area) { out.nodes.push(emptyBox("Det finns inga tal om väntande i bilden.", "Ingen region hade rapporterat när bilden togs.")); return out; }
  const days = limitDays(COUNTRY, area.code, m);
  out.kicker = "Väntetider för " + small(area.name) + ", " + monthName(m) + onlyOne(choice);
  out.sentences = shareSentences(choice, area, days);
  const over = cell("waits", "over_limit", COUNTRY, area.code, m);
  const waiting = cell("waits", "waiting", COUNTRY, area.code, m);
  out.more = [isNumber(over) && isNumber(waiting) ? count(over) + " av " + count(waiting) + " väntande i riket har väntat längre." : "", coverageText(area, m)];
  out.nodes.push(rankFigure(choice, area, days), excludedFigure(choice, area), trendFigure(choice, area, days), bandFigure(choice, area));
  return out;
}

function onlyOne(choice) { return choice.area || AREAS.length < 2 ? "" : ". Välj vårdområde ovan för ett annat"; }

function shareSentences(choice, area, days) {
  const country = shareCell(COUNTRY, area.code, choice.month);
  const first = isNumber(country.value) ? percent(country.value, country.decimals === 0) + " av de väntande i riket har väntat högst " + days + " dagar."
    : "Rikets andel inom vårdgarantin " + why(country.value) + ".";
  if (choice.place.level === "country") { return [first]; }
  const own = shareCell(choice.place, area.code, choice.month);
  const name = capital(placeInWords(choice.place));
  return [first, isNumber(own.value) ? name + ": " + percent(own.value, own.decimals === 0) + "." : name + ": andelen " + why(own.value) + "."];
}

function coverageText(area, month) {
  const of = cell("waits", "regions_counted", COUNTRY, area.code, month);
  const all = cell("waits", "regions_total", COUNTRY, area.code, month);
  return isNumber(of) && isNumber(all) ? of + " av " + all + " regioner ingår." : "";
}

function rankFigure(choice, area, days) {
  const m = choice.month;
  const places = matrixPlaces(choice);
  const value = function (name, p) { return cell("waits", name, p, area.code, m); };
  const list = places.map(function (p) { return { p: p, share: shareCell(p, area.code, m) }; });
  const rank = function (d) { return isNumber(d.share.value) ? -d.share.value : 2; };
  list.sort(function (a, b) { return rank(a) - rank(b); });
  const under = list.filter(function (d) { return d.p.level === "region" && isNumber(d.share.value) && levelOf(d.share.value) === 5; });
  const columns = [{ title: "Region", kind: "text" }, { title: "Andel inom " + days + " dagar", kind: "share" }, { title: "Inom gränsen, antal", kind: "count" },
    { title: "Över gränsen, antal", kind: "count" }, { title: "Väntar, antal", kind: "count" }, { title: "Gräns, dagar", kind: "days" }];
  const rows = list.map(function (d) {
    return { cells: [d.p.name, d.share, value("within_limit", d.p), value("over_limit", d.p), value("waiting", d.p), value("limit_days", d.p)],
      emphasis: emphasisOf(d.p, choice), note: early(d.p, area.code, m) ? "prel." : "" };
  });
  const title = under.length === 0 ? "Ingen andel som visas ligger under gränsen 80" + NB + "%" : under.length <= 2
    ? joinAnd(under.map(function (d) { return d.p.name; })) + " ligger under gränsen 80" + NB + "%" : count(under.length) + " regioner ligger under gränsen 80" + NB + "%";
  return figure({
    id: "rangordning", of: ["waits"], span: 7, title: title,
    summary: "Väntande efter hur länge de har väntat, regionerna i ordning efter andelen. Starkast ton: under gränsen.",
    draw: function (width) {
      const column = columns[1];
      return rankedShares(width, {
        label: "Stapeldiagram: andel som väntat högst " + days + " dagar per region. Samma tal finns i tabellen.", days: days, limit: GAP_TARGET,
        heads: [["Andel,", "%"], ["Över,", "antal"], ["Väntar,", "antal"]],
        rows: list.map(function (d) {
          return { name: d.p.name, note: early(d.p, area.code, m) ? "prel." : "", share: d.share.value, emphasis: emphasisOf(d.p, choice),
            cells: [shown(d.share, column), shown(value("over_limit", d.p), columns[3]), shown(value("waiting", d.p), columns[4])] };
        })
      });
    },
    legend: holeLegend([list.map(function (d) { return d.share.value; })]),
    table: { caption: "Väntande per region, " + small(area.name) + ", " + monthName(m), columns: columns, rows: rows },
    notes: [protectedNote(rows, columns)].concat(noteLines(places, [area], m))
  }, choice);
}

/* What "<5" and ".." mean, when they stand in the table. */
function protectedNote(rows, columns) {
  const cells = rows.flatMap(function (r) { return r.cells.filter(function (x, k) { return isNumeric(columns[k]); }); })
    .map(function (x) { return x !== null && typeof x === "object" ? x.value : x; });
  const some = cells.some(function (x) { return ["suppressed", "secondary"].includes(stateOf(x)); });
  return some ? "<" + DATA.threshold + ": färre än " + DATA.threshold + ", skyddat. ..: skyddat, så att inget litet tal kan räknas ut." : "";
}

function bandFigure(choice, area) {
  const m = choice.month;
  const two = choice.place.level !== "country";
  const places = two ? [choice.place, COUNTRY] : [COUNTRY];
  const part = function (p, b) {
    const n = cell("waits", b, p, area.code, m);
    const inBands = BANDS.map(function (x) { return cell("waits", x, p, area.code, m); });
    /* who waits in a region without bands is in no band: all seven together are those whose wait is known */
    const all = inBands.every(isNumber) ? inBands.reduce(function (a, x) { return a + x; }, 0) : cell("waits", "waiting", p, area.code, m);
    return isNumber(n) && isNumber(all) && all > 0 ? n / all : isNumber(n) ? all : n;
  };
  const columns = [{ title: "Har väntat", kind: "text" }].concat(places.flatMap(function (p) {
    return [{ title: p.name + ", antal", kind: "count" }, { title: p.name + ", andel", kind: "share" }];
  }));
  const rows = BANDS.map(function (b) {
    return { cells: [bandName(b)].concat(places.flatMap(function (p) { return [cell("waits", b, p, area.code, m), part(p, b)]; })) };
  });
  const half = cell("waits", "waited_days_p50", places[0], area.code, m);
  const nine = cell("waits", "waited_days_p90", places[0], area.code, m);
  const words = (isNumber(half) ? " Hälften har väntat högst " + decimal(half, 0) + " dagar" + (isNumber(nine) ? ", nio av tio högst " + decimal(nine, 0) : "") + "." : "");
  return figure({
    id: "intervall", of: ["waits"], span: 5, title: "Hur länge de väntande i " + placeInWords(places[0]) + " har väntat", summary: "Andel och antal av de väntande." + words,
    draw: function (width) {
      return pairs(width, { names: places.map(function (p) { return p.name; }), label: "Stapeldiagram: väntande efter väntetid. Samma tal finns i tabellen.",
        rows: BANDS.map(function (b) {
          return { name: bandName(b), values: places.map(function (p) { return part(p, b); }), texts: places.map(function (p, k) {
            const n = cell("waits", b, p, area.code, m);
            const share = part(p, b);
            return (isNumber(share) ? percent(share) + NB + NB + count(n) : stateText(n)) + (two && b === BANDS[0] ? " i " + placeInWords(p) : "");
          }) };
        }) });
    },
    table: { caption: "Väntande efter väntetid, " + small(area.name) + ", " + monthName(m), columns: columns, rows: rows },
    notes: [protectedNote(rows, columns)].filter(Boolean)
  }, choice);
}

function trendFigure(choice, area, days) {
  const at = MONTHS.indexOf(choice.month);
  const months = MONTHS.slice(0, at + 1);
  const own = choice.place;
  const get = function (p) { return months.map(function (x) { return shareCell(p, area.code, x); }); };
  const places = own.level === "country" ? [COUNTRY] : [COUNTRY, own];
  const cells = places.map(get);
  const columns = [{ title: "Månad", kind: "text" }].concat(places.map(function (p) { return { title: p.name, kind: "share" }; }));
  const rows = months.map(function (x, k) {
    return { cells: [capital(monthName(x))].concat(cells.map(function (c) { return c[k]; })), note: places.some(function (p) { return early(p, area.code, x); }) ? "prel." : "" };
  }).reverse();
  const values = cells.map(function (list) { return list.map(function (c) { return c.value; }); });
  return figure({
    id: "andel-over-tid", of: ["waits"], span: 7, title: "Andel som väntat högst " + days + " dagar, " + monthName(months[0]) + "–" + monthName(choice.month),
    summary: "Andel av de väntande vid månadens slut, i procent. " + (own.level === "country" ? "Tunna linjer: regionerna." : "Tunna linjer: övriga regioner."),
    draw: function (width) {
      const others = REGIONS.filter(function (r) { return r !== own; }).map(function (r) { return { kind: "other", values: series("waits", "within_limit_share", r, area.code, months) }; });
      return lines(width, { months: months, unit: "procent", height: 300, label: "Linjediagram: andel inom vårdgarantin över tid. Samma tal finns i tabellen.",
        format: function (v, step, s, k) { return decimal(v * 100, step ? (step < 0.01 ? 1 : 0) : cells[places.findIndex(function (p) { return p.name === s.name; })][k].decimals); },
        limit: { value: GAP_TARGET, name: "Gräns för gap, 80" + NB + "%" }, most: 1,
        series: others.concat(places.map(function (p, k) {
          return { name: p.name, values: values[k], kind: k === places.length - 1 ? "own" : "context", early: months.map(function (x) { return early(p, area.code, x); }) };
        })) });
    },
    legend: holeLegend([values[values.length - 1]]).concat(earlyLegend(rows)),
    table: { caption: "Andel som väntat högst " + days + " dagar, " + small(area.name), columns: columns, rows: rows },
    notes: [axisNote(), protectedNote(rows, columns)].filter(Boolean)
  }, choice);
}

function axisNote() { return "Axeln börjar inte vid noll."; }
function earlyLegend(rows) { return rows.some(function (r) { return r.note; }) ? [el("span", {}, el("span", { class: "early-dot", "aria-hidden": "true" }), "prel.")] : []; }

function excludedFigure(choice, area) {
  const m = choice.month;
  const places = matrixPlaces(choice);
  const value = function (name, p) { return cell("waits", name, p, area.code, m); };
  const total = value("excluded", COUNTRY);
  const columns = [{ title: "Region", kind: "text" }, { title: "Patientvald", kind: "count" }, { title: "Medicinskt orsakad", kind: "count" },
    { title: "Summa", kind: "count" }, { title: "Andel av alla i kö", kind: "share" }];
  const rows = places.map(function (p) {
    return { cells: [p.name, value("excluded_patient_choice", p), value("excluded_medical", p), value("excluded", p), value("excluded_share", p)],
      emphasis: emphasisOf(p, choice), note: early(p, area.code, m) ? "prel." : "" };
  });
  return figure({
    id: "bortraknade", of: ["waits"], span: 5, title: isNumber(total) ? count(total) + " personer är borträknade i riket" : "Borträknade personer",
    summary: "De väntar av eget val eller av medicinska skäl och ingår inte i talen ovan.", draw: null,
    table: { caption: "Borträknade personer per region, " + small(area.name) + ", " + monthName(m), columns: columns, rows: rows },
    notes: [protectedNote(rows, columns)].filter(Boolean)
  }, choice);
}
