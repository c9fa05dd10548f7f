/* Datakvalitet: who has reported what, and which regions the country's numbers count. */
const FIELDS = [["reported", "rapporterad"], ["late", "för sent"], ["provisional", "preliminär"], ["missing", "saknas"], ["excluded", "utesluten"], ["not_yet", "har inte börjat"]];
const REGISTERS = { waits: "Väntande", production: "Produktion", capacity: "Kapacitet", "out-of-region": "Utomlänsvård", brokering: "Förmedling" };

function datakvalitet(choice) {
  const t = table("reporting");
  const out = { kicker: "Datakvalitet, " + monthName(choice.month) + ", " + placeInWords(choice.place), sentences: [], more: [], facts: [], nodes: [] };
  const registers = [...new Set(t.column("register"))];
  if (!t.rows || !MONTHS.length) { out.nodes.push(emptyBox("Det finns inga uppgifter om rapportering i bilden.", "Talens täckning står i varje avsnitt.")); return out; }
  const months = MONTHS.filter(function (m) { return m <= choice.month && m > choice.month - 12; });
  const regions = regionsOf(choice.place);
  const status = function (r, register, m) { return t.at("status", t.find(["region", "register", "care_area", "period"], [r.code, register, "", m])) || "not_yet"; };
  const gone = regions.filter(function (r) { return ["missing", "excluded"].includes(status(r, registers[0], choice.month)); });
  out.sentences = [gone.length ? joinAnd(gone.map(function (r) { return r.name; })) + " ingår inte i väntande för månaden." : "Alla regioner i urvalet har rapporterat väntande för månaden."];
  out.nodes.push(reportFigure(choice, regions, registers, months, status), coverageFigure(choice), reasonsFigure(choice, regions, months));
  return out;
}

function registerName(name) { return REGISTERS[name] || name; }
function word(status) { return (FIELDS.find(function (f) { return f[0] === status; }) || ["", status])[1]; }

function reportFigure(choice, regions, registers, months, status) {
  const rows = regions.flatMap(function (r) {
    return registers.map(function (g) { return { cells: [r.name, registerName(g)].concat(months.map(function (m) { return word(status(r, g, m)); })) }; });
  });
  return figure({
    id: "rapportering", of: ["reporting"], title: "Vem som har rapporterat vad", summary: "Ett fält för varje månad, " + monthName(months[0]) + "–" + monthName(choice.month) + ".",
    draw: function (width, paper) { return fieldsNode(regions, registers, months, status, paper || width > 130 + registers.length * (months.length * 20 + 24)); },
    legend: FIELDS.map(function (f) { return el("span", {}, el("i", { class: "ff ff-" + f[0], "aria-hidden": "true" }), f[1]); }),
    table: { caption: "Rapportering per region och register", columns: [{ title: "Region", kind: "text" }, { title: "Register", kind: "text" }].concat(months.map(function (m) { return { title: monthShort(m), kind: "text" }; })), rows: rows }
  }, choice);
}

/* A phone has no room for all registers beside each other: there they stand below. Paper makes them smaller. */
function fieldsNode(regions, registers, months, status, wide) {
  const sets = wide ? [registers] : registers.map(function (g) { return [g]; });
  return el("div", { class: "ffs-all" }, sets.map(function (set) {
    const label = "Rapportering: " + set.map(registerName).join(", ");
    return el("div", { class: "scroll", role: "region", "aria-label": label, tabindex: "0" }, el("table", { class: "ffs offline-ffs", style: { "--r": set.length, "--n": months.length } }, el("caption", { class: "vh" }, label),
      el("thead", {}, el("tr", {}, el("td", {}), set.map(function (g) { return el("th", { scope: "colgroup", class: "reg", colspan: months.length }, el("div", {}, el("b", {}, registerName(g)))); })),
        el("tr", {}, el("th", { scope: "col" }, "Region"), set.flatMap(function () { return months.map(function (m, k) {
          return el("th", { scope: "col", class: "m" + (k ? "" : " first") }, el("span", { "aria-hidden": "true" }, MONTH_NAMES[m % 12].slice(0, 1)), hidden(monthName(m)));
        }); }))),
      el("tbody", {}, regions.map(function (r) {
        return el("tr", {}, el("th", { scope: "row", class: "r" }, r.name), set.flatMap(function (g) { return months.map(function (m, k) {
          const s = status(r, g, m);
          return el("td", { class: "ff ff-" + s + (k ? "" : " first") }, hidden(word(s)));
        }); }));
      }))));
  }));
}

function coverageFigure(choice) {
  const areas = areasShown(choice);
  const kinds = [["regions_counted", "väntande"], ["regions_counted_bands", "väntetidsintervall"], ["regions_counted_excluded", "borträknade"]];
  const rows = areas.flatMap(function (a) { return kinds.map(function (k) {
    return { cells: [a.name, k[1], cell("waits", k[0], COUNTRY, a.code, choice.month), cell("waits", "regions_total", COUNTRY, a.code, choice.month)] };
  }); });
  return figure({
    id: "tackning", of: ["waits"], span: 6, title: "Så många regioner ingår i rikets tal", summary: "Regioner med tal för " + monthName(choice.month) + ".", draw: null,
    table: { caption: "Täckning av rikets tal, " + monthName(choice.month), columns: [{ title: "Vårdområde", kind: "text" }, { title: "Tal", kind: "text" }, { title: "Regioner som ingår", kind: "count" }, { title: "Av", kind: "count" }], rows: rows }
  }, choice);
}

function reasonsFigure(choice, regions, months) {
  const t = table("reporting");
  const codes = new Set(regions.map(function (r) { return r.code; }));
  const seen = new Map();
  for (let k = 0; k < t.rows; k++) {
    const m = t.at("period", k);
    const s = t.at("status", k);
    if (!codes.has(t.at("region", k)) || !months.includes(m) || s === "reported" || s === "not_yet" || t.at("care_area", k)) { continue; }
    const key = [t.at("region", k), t.at("register", k), s, t.at("reason", k)].join("\u0001");
    if (!seen.has(key)) { seen.set(key, []); }
    seen.get(key).push(m);
  }
  /* regions with the same thing to say stand in one row */
  const alike = new Map();
  seen.forEach(function (ms, key) {
    const p = key.split("\u0001");
    const said = [p[1], p[2], p[3], ms.sort(function (a, b) { return a - b; }).join(" ")].join("\u0001");
    if (!alike.has(said)) { alike.set(said, []); }
    alike.get(said).push(p[0]);
  });
  const rows = [...alike].map(function (e) {
    const p = e[0].split("\u0001");
    const ms = p[3].split(" ").map(Number);
    const who = e[1].length === regions.length && regions.length > 1 ? "Alla regioner" : joinAnd(e[1].map(regionName));
    return { cells: [who, registerName(p[0]), word(p[1]), ms.length === 1 ? monthShort(ms[0]) : monthShort(ms[0]) + "–" + monthShort(ms[ms.length - 1]) + " (" + ms.length + ")", p[2] || "–"] };
  });
  return figure({
    id: "orsaker", of: ["reporting"], span: 6, title: rows.length ? "Vad som saknas eller är preliminärt, och varför" : "Inget saknas eller är preliminärt", summary: "De senaste tolv månaderna.", draw: null,
    table: { caption: "Avvikelser i rapporteringen", columns: ["Region", "Register", "Läge", "Månader", "Orsak"].map(function (w) { return { title: w, kind: "text" }; }), rows: rows }
  }, choice);
}
