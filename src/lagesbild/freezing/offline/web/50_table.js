/* A table as it is seen, and the same cells as a file for Excel: `;`, decimal comma, BOM. */

/* `spec`: {caption, columns: [{title, kind, decimals}], rows: [{cells, emphasis, note, href}], notes}. First column = row heading. */
function tableNode(spec) {
  const head = el("tr", {}, spec.columns.map(function (c) { return el("th", { scope: "col", class: isNumeric(c) ? "num" : null }, heading(c)); }));
  const body = spec.rows.map(function (row) {
    return el("tr", { class: { country: "nat", chosen: "me" }[row.emphasis] || null }, row.cells.map(function (x, k) {
      const column = spec.columns[k];
      if (k === 0) {
        const name = shown(x, column);
        return el("th", { scope: "row" }, row.href ? el("a", { href: row.href }, name) : name,
          row.note ? el("span", { class: "prel" }, " " + row.note) : null, row.emphasis === "chosen" ? hidden(" (vald)") : null);
      }
      return dataCell(x, column);
    }));
  });
  const scroll = el("div", { class: "scroll", role: "region", "aria-label": spec.caption, tabindex: "0" },
    el("table", { class: "tt" }, el("caption", {}, spec.caption), el("thead", {}, head), el("tbody", {}, body)));
  return el("div", { class: "table-box" }, scroll);
}

function heading(column) { return inPercent(column) && column.title.indexOf("%") < 0 ? column.title + ", %" : column.title; }

function dataCell(x, column) {
  if (!isNumeric(column)) { return el("td", {}, shown(x, column)); }
  const value = x !== null && typeof x === "object" ? x.value : x;
  if (isNumber(value)) { return el("td", { class: "num" }, shown(x, column)); }
  return el("td", { class: "num st st-" + stateOf(value) }, stateNodes(value));
}

/* Said as it is meant where the sign would be read out as something else. */
function stateNodes(x) {
  const seen = stateText(x);
  const spoken = spokenState(x);
  return seen === spoken ? el("span", { class: "said" }, seen)
    : [el("span", { class: "said", "aria-hidden": "true" }, seen), hidden(spoken)];
}

/* No cell can start a formula, whatever somebody has named a region. */
function safe(text) { return /^[=+\-@\t\r]/.test(text) ? "'" + text : text; }
function quoted(text) { return /[;"\r\n]/.test(text) ? "\"" + text.replace(/"/g, "\"\"") + "\"" : text; }

function csvText(spec, about) {
  const noted = spec.rows.some(function (r) { return r.note; });
  const lines = [spec.columns.map(function (c) { return quoted(safe(heading(c))); }).concat(noted ? ["Anmärkning"] : [])];
  for (const row of spec.rows) {
    const cells = row.cells.map(function (x, k) {
      const text = shown(x, spec.columns[k]);
      const value = x !== null && typeof x === "object" ? x.value : x;
      return isNumeric(spec.columns[k]) && isNumber(value) ? text.replace(/\u00a0/g, "").replace("\u2212", "-") : quoted(safe(text));
    });
    lines.push(cells.concat(noted ? [quoted(row.note || "")] : []));
  }
  const foot = about.filter(Boolean).map(function (line) { return quoted(safe(line)); });
  return lines.map(function (l) { return l.join(";"); }).concat([""], foot).join("\r\n") + "\r\n";
}

function save(name, text) {
  const link = el("a", { href: URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv;charset=utf-8" })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
}

function fileName(id, choice, real) {
  const parts = ["lagesbild", id, choice.area, choice.place.code, monthCode(choice.month), real ? "verkliga-tal" : DATA.stamp.synthetic ? "syntetiska-data" : ""];
  return parts.filter(Boolean).join("-").toLowerCase().replace(/[åä]/g, "a").replace(/ö/g, "o").replace(/[^a-z0-9-]+/g, "-") + ".csv";
}
