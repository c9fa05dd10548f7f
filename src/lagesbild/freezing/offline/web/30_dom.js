/* Elements made one by one: text from the data is only ever text, never markup. */
const SVG = "http://www.w3.org/2000/svg";

function fill(node, props, children) {
  for (const name of Object.keys(props || {})) {
    const value = props[name];
    if (value === null || value === undefined || value === false) { continue; }
    if (name === "style") { Object.keys(value).forEach(function (k) { if (k.startsWith("--")) { node.style.setProperty(k, value[k]); } else { node.style[k] = value[k]; } }); } else { node.setAttribute(name, value === true ? "" : String(value)); }
  }
  add(node, children);
  return node;
}

function add(node, children) {
  for (const child of Array.isArray(children) ? children : [children]) {
    if (Array.isArray(child)) { add(node, child); } else if (child !== null && child !== undefined && child !== false) {
      node.append(child instanceof Node ? child : String(child));
    }
  }
}

function el(tag, props, ...children) { return fill(document.createElement(tag), props, children); }
function svg(tag, props, ...children) { return fill(document.createElementNS(SVG, tag), props, children); }
function icon(name) { return el("span", { class: "ico ico-" + name, "aria-hidden": "true" }); }
function hidden(text) { return el("span", { class: "vh" }, text); }
function say(text) { document.getElementById("said").textContent = text; }
function byId(id) { return document.getElementById(id); }
