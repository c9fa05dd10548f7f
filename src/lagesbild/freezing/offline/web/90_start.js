/* The page: header, choices, the section in the address, paper, light and dark. */
const BUILDERS = { lage: lage, vantetider: vantetider, produktion: produktion, utomlansvard: utomlansvard, prognos: prognos,
  kapacitetsgap: kapacitetsgap, datakvalitet: datakvalitet, definitioner: definitioner, om: om };
const JUDGED = { better: "Säkerställd förbättring", worse: "Säkerställd försämring", noise: "Ingen säkerställd förändring", short: "Kan inte bedömas ännu" };
let current = null;

function header() {
  const nav = el("nav", { class: "nav", id: "nav", "aria-label": "Avsnitt" });
  const menu = el("button", { type: "button", class: "menu", id: "menu-button", "aria-expanded": "false", "aria-controls": "nav" },
    el("span", { class: "when-closed" }, icon("menu"), "Meny"), el("span", { class: "when-open" }, icon("close"), "Stäng"));
  const theme = el("button", { type: "button", class: "btn theme", id: "theme-button" }, icon("theme"), el("span", { class: "to-dark" }, "Mörkt läge"), el("span", { class: "to-light" }, "Ljust läge"));
  menu.addEventListener("click", function () { openMenu(!byId("top").classList.contains("open")); });
  theme.addEventListener("click", function () {
    const root = document.documentElement;
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  });
  byId("top").append(el("div", { class: "wrap" }, el("a", { href: "#lage", class: "word" }, "Lägesbild"), nav, theme, menu));
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && byId("top").classList.contains("open")) { openMenu(false); menu.focus(); }
  });
}

function openMenu(open) {
  byId("top").classList.toggle("open", open);
  byId("menu-button").setAttribute("aria-expanded", String(open));
}

function showNav(choice) {
  byId("nav").replaceChildren(...SECTIONS.map(function (s) {
    return el("a", { href: address(choice, { section: s[0] }), "aria-current": s[0] === choice.section ? "page" : null }, s[1]);
  }));
}

/* A field: the chosen word gives the width, the browser's own list lies invisibly on top of it. */
function field(id, label, groups, value, changed, go) {
  const select = el("select", { id: id });
  let name = "";
  groups.forEach(function (g) {
    const holder = g[0] ? select.appendChild(el("optgroup", { label: g[0] })) : select;
    g[1].forEach(function (o) {
      if (o[0] === value) { name = o[1]; }
      holder.append(el("option", { value: o[0], selected: o[0] === value }, o[1]));
    });
  });
  select.addEventListener("change", function () { go(select.value); });
  return el("div", { class: "sel" + (changed ? " set" : "") }, el("label", { for: id }, label), el("span", { class: "pickbox" }, el("b", { "aria-hidden": "true" }, name), icon("chev"), select));
}

function showFilters(choice) {
  const holder = byId("filters");
  const focused = document.activeElement && holder.contains(document.activeElement) ? document.activeElement.id : "";
  if (WITHOUT_CHOICES.has(choice.section) || !MONTHS.length) { holder.replaceChildren(); return; }
  const place = choice.place.level === "country" ? "" : (choice.place.level === "region" ? "r:" : "g:") + choice.place.code;
  const places = [["", [["", "Hela riket"]]]].concat(GROUPS.length > 1 ? [["Sjukvårdsregioner", GROUPS.map(function (g) { return ["g:" + g.code, g.name]; })]] : [],
    GROUPS.length > 1 ? GROUPS.map(function (g) { return [g.name, REGIONS.filter(function (r) { return r.group === g.code; }).map(function (r) { return ["r:" + r.code, r.name]; })]; })
      : [["Regioner", REGIONS.map(function (r) { return ["r:" + r.code, r.name]; })]]);
  const loose = GROUPS.length > 1 ? REGIONS.filter(function (r) { return !r.group; }) : [];
  if (loose.length) { places.push(["Övriga", loose.map(function (r) { return ["r:" + r.code, r.name]; })]); }
  const years = [...new Set(MONTHS.map(function (m) { return Math.floor(m / 12); }))].reverse();
  const go = function (changes) { window.location.hash = address(choice, changes); };
  const fields = el("div", { class: "fields" },
    field("f-area", "Vårdområde", [["", [["", "Alla"]].concat(AREAS.map(function (a) { return [a.code, a.name]; }))]], choice.area, choice.area !== "", function (v) { go({ area: v }); }),
    field("f-place", "Region", places, place, place !== "", function (v) {
      const list = v.slice(0, 2) === "r:" ? REGIONS : GROUPS;
      go({ place: v ? list.find(function (x) { return x.code === v.slice(2); }) : COUNTRY });
    }),
    field("f-month", "Månad", years.map(function (y) { return [String(y), MONTHS.filter(function (m) { return Math.floor(m / 12) === y; }).reverse().map(function (m) { return [monthCode(m), monthName(m)]; })]; }),
      monthCode(choice.month), choice.month !== LAST, function (v) { go({ month: MONTHS.find(function (m) { return monthCode(m) === v; }) }); }));
  const idle = choice.area === "" && place === "" && choice.month === LAST;
  const clear = el("a", { class: "btn clear" + (idle ? " idle" : ""), href: "#" + choice.section }, el("span", {}, icon("close"), "Rensa urval"));
  const paper = el("button", { type: "button", class: "btn", id: "print-button" }, el("span", {}, "Skriv ut"));
  paper.addEventListener("click", function () { window.print(); });
  holder.replaceChildren(el("div", { class: "filter", "data-selection": chosenInWords(choice) }, el("div", { class: "wrap" }, fields, el("div", { class: "acts" }, clear, paper))));
  if (focused && byId(focused)) { byId(focused).focus(); }
}

function keyFigure(f) {
  const arrow = f.judgement === "better" ? icon("up") : f.judgement === "worse" ? icon("down") : null;
  const parts = f.value.match(/^([\u2212+]?[\d\u00a0,\u2013]+)(.*)$/);
  const judged = f.judgement_text || JUDGED[f.judgement] || "";
  return el("div", { class: "key" }, el("h3", {}, f.name), el("p", { class: "what" }, f.what), el("p", { class: "val" + (parts ? "" : " word") }, parts ? [parts[1], parts[2] ? el("small", {}, parts[2]) : null] : f.value),
    el("p", { class: "chg" }, judged ? el("b", { class: f.judgement }, arrow, judged) : null, judged && f.change ? el("br") : null, f.change));
}

function show(first) {
  const choice = parsed(window.location.hash);
  const moved = current && current.section !== choice.section;
  current = choice;
  drawn = [];
  openMenu(false);
  showNav(choice);
  showFilters(choice);
  const view = BUILDERS[choice.section](choice);
  const more = view.more.filter(Boolean).join(" ");
  byId("main").replaceChildren(el("div", { class: "wrap" },
    choice.notes.map(function (n) { return el("p", { class: "notes" }, n); }),
    el("div", { class: "lead" }, el("h1", {}, view.kicker), view.sentences.length ? el("p", { class: "say" }, view.sentences.map(function (s, k) { return el("span", {}, (k ? " " : "") + s); })) : null,
      more ? el("p", { class: "more" }, more) : null),
    view.facts.length ? [el("h2", { class: "vh" }, "Nyckeltal"), el("div", { class: "keys" }, view.facts.map(keyFigure))] : null,
    el("div", { class: "grid" }, view.nodes)));
  const keys = document.querySelector(".keys");
  if (keys) { keys.style.setProperty("--n", String(Math.min(5, view.facts.length))); }
  const name = SECTIONS.find(function (s) { return s[0] === choice.section; })[1];
  document.title = name + " – Lägesbild, fryst " + DATA.stamp.as_of + (DATA.stamp.synthetic ? " (syntetiska data)" : "");
  document.documentElement.dataset.ready = String(Number(document.documentElement.dataset.ready || 0) + 1);
  redraw();
  foot(view);
  if (!first) {
    say(view.kicker + ". " + view.sentences.join(" "));
    if (moved) { window.scrollTo(0, 0); byId("main").focus({ preventScroll: true }); }
  }
}

/* The foot of every printed page. Where boxes in the margin are not known, strip and source lines say the same. */
function foot(view) {
  const s = DATA.stamp;
  const words = ["Lägesbild, fryst ögonblicksbild. " + view.kicker + ".", s.synthetic ? "Syntetiska data." : "", "Uttag " + s.as_of + ". Dataversion " + s.version + "."].filter(Boolean).join(" ");
  const css = "\"" + words.replace(/[\\"]/g, "\\$&").replace(/[\n\r<]/g, " ") + "\"";
  const font = "font:7.5pt/1.35 var(--lb-font,sans-serif);color:#3F4F5A;vertical-align:top;padding-top:3mm;border-top:.5pt solid #7B8A94";
  const style = byId("page-foot") || document.head.appendChild(el("style", { id: "page-foot" }));
  style.textContent = "@page{@bottom-left{content:" + css + ";width:150mm;text-align:left;" + font + "}@bottom-right{content:\"Sida \" counter(page) \" av \" counter(pages);width:32mm;text-align:right;" + font + "}}";
}

const PAPER = Math.floor(182 / 25.4 * 96 / 0.82);   // an A4 page within the margins of 95_print.css, by the zoom of charts
let before = null;
function toPaper() {
  if (before !== null) { return; }
  before = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  redraw(PAPER);
}
function fromPaper() {
  if (before === null) { return; }
  document.documentElement.dataset.theme = before;
  before = null;
  redraw();
}

function start() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
  dark.addEventListener("change", function (e) { if (before === null) { document.documentElement.dataset.theme = e.matches ? "dark" : "light"; } });
  document.body.append(hatchPattern());
  header();
  byId("foot").append(el("div", { class: "wrap" }, el("span", {}, el("a", { href: "#definitioner" }, "Definitioner"), el("a", { href: "#om" }, "Om bilden")),
    el("span", {}, "Fryst " + DATA.stamp.as_of + ". Dataversion " + DATA.stamp.version)));
  /* the skip link must not change the view that stands in the address */
  byId("skip").addEventListener("click", function (e) { e.preventDefault(); byId("main").focus(); });
  window.addEventListener("hashchange", function () { show(false); });
  let waiting = 0;
  window.addEventListener("resize", function () { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(function () { if (before === null) { redraw(); } }); });
  window.addEventListener("beforeprint", toPaper);
  window.addEventListener("afterprint", fromPaper);
  const print = window.matchMedia("print");
  print.addEventListener("change", function (e) { if (e.matches) { toPaper(); } else { fromPaper(); } });
  show(true);
}

start();
