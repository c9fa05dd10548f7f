/* Definitioner and Om bilden: what the numbers mean, what the picture holds, and how it is known to be whole. */
function definitioner(choice) {
  const t = table("definitions");
  const out = { kicker: "Definitioner", sentences: ["Vad talen betyder, och hur det syns att ett tal inte finns."], more: [], facts: [], nodes: [] };
  const states = [[12, "12", "Talet visas."], ["<", "<" + DATA.threshold, "Talet är 1 till " + (DATA.threshold - 1) + " och visas inte, eftersom det kan peka ut en person."],
    [":", "..", "Talet är dolt, så att inget litet tal kan räknas ut ur de andra."], [null, "saknas", "Talet är inte rapporterat, eller gäller inte raden."], ["-", "utesluten", "Regionens uppgifter för månaden är uteslutna."]];
  out.nodes.push(el("section", { class: "fig c6", "aria-labelledby": "tecken-title" }, el("h2", { id: "tecken-title" }, "Så visas det som inte är ett tal"),
    el("table", { class: "tt" }, el("caption", { class: "vh" }, "Tecken i tabeller"), el("tbody", {}, states.map(function (s) {
      return el("tr", {}, el("th", { scope: "row" }, isNumber(s[0]) ? s[1] : el("span", { class: "st-" + stateOf(s[0]) }, el("span", { class: "hole", "aria-hidden": "true" }), s[1])), el("td", {}, s[2]));
    }), el("tr", {}, el("th", { scope: "row" }, "12 prel."), el("td", {}, "Någon uppgift bakom talet är preliminär och kan ändras."))))));
  const limits = table("guarantee-limits");
  if (limits.rows) {
    const rows = [];
    for (let k = 0; k < limits.rows; k++) {
      rows.push({ cells: [areaName(limits.at("care_area", k)), limits.at("region", k) ? regionName(limits.at("region", k)) : "alla", limits.at("valid_from", k), limits.at("days", k)] });
    }
    out.nodes.push(figure({ id: "granser", of: ["guarantee-limits"], span: 6, title: "Vårdgarantins gränser", summary: "Dagar, från och med ett datum.", draw: null,
      table: { caption: "Gränser i dagar", columns: [{ title: "Vårdområde", kind: "text" }, { title: "Region", kind: "text" }, { title: "Gäller från", kind: "text" }, { title: "Dagar", kind: "days" }], rows: rows } }, choice));
  }
  [...new Set(t.column("dataset"))].filter(function (d) { return d && DATA.tables[d]; }).forEach(function (d) {
    const rows = t.where({ dataset: d }).map(function (k) { return { cells: [t.at("title", k), t.at("definition", k) || "–", t.at("unit", k) || "–", t.at("column", k)] }; });
    out.nodes.push(figure({ id: "definition-" + d, of: [], title: DATA.tables[d].title, summary: "", draw: null,
      table: { caption: "Kolumner i " + small(DATA.tables[d].title), columns: ["Rubrik", "Betydelse", "Enhet", "Kolumn i CSV"].map(function (w) { return { title: w, kind: "text" }; }), rows: rows } }, choice));
  });
  return out;
}

function om(choice) {
  const s = DATA.stamp;
  const out = { kicker: "Om bilden", sentences: ["En fryst ögonblicksbild: talen ändras aldrig, vad som än rapporteras efteråt."], more: [], facts: [], nodes: [] };
  const facts = [["Uttag", s.as_of], ["Data till och med", s.until], ["Dataversion", s.version], ["Prognoskörning", s.forecast_run || "ingen prognos ingår"], ["Programversion", s.code_version],
    ["Skydd av små tal", s.protected], ["Täckning", s.coverage], ["Källor", s.sources.replace(/^Källor: /, "")], ["Syntetiska data", s.synthetic || "nej"], ["Månader", MONTHS.length ? monthName(MONTHS[0]) + "–" + monthName(LAST) : "inga"]];
  out.nodes.push(el("section", { class: "fig c6", "aria-labelledby": "bilden-title" }, el("h2", { id: "bilden-title" }, "Vad som är fryst"),
    el("table", { class: "tt facts" }, el("caption", { class: "vh" }, "Ögonblicksbildens uppgifter"), el("tbody", {}, facts.map(function (f) { return el("tr", {}, el("th", { scope: "row" }, f[0]), el("td", {}, f[1])); })))));
  out.nodes.push(el("section", { class: "fig c6", "aria-labelledby": "prova-title" }, el("h2", { id: "prova-title" }, "Så vet du att den är oförändrad"), el("div", { class: "prose" },
    el("p", {}, "Bredvid den här filen ligger manifest.json, med en kontrollsumma (SHA-256) för varje fil i bilden, även för den här sidan."),
    el("ul", {}, el("li", {}, "Med Lägesbild: ", el("code", {}, "lagesbild snapshot verify FIL"), " prövar hela bilden och säger precis vilken fil som skiljer sig."),
      el("li", {}, "Utan Lägesbild: ", el("code", {}, "sha256sum index.html"), " ska ge samma summa som i manifest.json. I Windows: ", el("code", {}, "certutil -hashfile index.html SHA256"), "."),
      el("li", {}, "Är bilden signerad visar verify också att signaturen stämmer med den nyckel du anger.")),
    el("p", {}, "Sidan hämtar ingenting och skickar ingenting. Den kan öppnas utan nät, kopieras och skrivas ut."))));
  const rows = Object.keys(DATA.tables).map(function (n) {
    const raw = DATA.tables[n];
    return { cells: [raw.title, n, raw.rows, raw.sources.join("; ") || (n === "forecasts" || n === "gaps" ? "räknad ur tabellerna" : "–")] };
  });
  out.nodes.push(figure({ id: "tabeller", of: [], title: "Tabeller i sidan", summary: "Samma tal finns som CSV och XLSX bredvid. Enskilda vårdgivares tal är inte med i bilden.", draw: null,
    table: { caption: "Tabeller i sidan", columns: [{ title: "Tabell", kind: "text" }, { title: "Fil", kind: "text" }, { title: "Rader", kind: "count" }, { title: "Källor", kind: "text" }], rows: rows } }, choice));
  return out;
}
