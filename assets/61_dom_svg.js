/* What a piece of the page looks like, as SVG: boxes, borders, hatching, lines drawn as masks, and text line by line.
   Not a browser: only what the design uses (DESIGN.md), measured where the browser put it. */
(function () {
  "use strict";
  var NS = "http://www.w3.org/2000/svg";
  var PSEUDO = ["display", "position", "left", "top", "right", "bottom", "width", "height", "margin", "boxSizing",
    "background", "border", "borderRadius", "verticalAlign", "transform", "opacity", "color"];
  var patterns = 0;

  function svg(tag, attributes, children) {
    var node = document.createElementNS(NS, tag);
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (value !== null && value !== undefined && value !== "") { node.setAttribute(name, typeof value === "number" ? String(Math.round(value * 100) / 100) : value); }
    });
    (children || []).forEach(function (child) { node.appendChild(child); });
    return node;
  }

  function clear(color) { return !color || color === "transparent" || /^rgba\(.*, 0\)$/.test(color); }

  /* ::before and ::after have no place that can be asked for: real elements take theirs. */
  function materialize(root, win) {
    var found = [];
    root.querySelectorAll("*").forEach(function (el) {
      ["::before", "::after"].forEach(function (which) {
        var style = win.getComputedStyle(el, which);
        if (style.content === "none" || style.content === "normal" || style.display === "none") { return; }
        var made = root.ownerDocument.createElement("span");
        PSEUDO.forEach(function (name) { made.style[name] = style[name]; });
        made.textContent = style.content.replace(/^"|"$/g, "");
        found.push([el, which, made]);
      });
    });
    root.classList.add("no-pseudo");
    found.forEach(function (f) { if (f[1] === "::before") { f[0].prepend(f[2]); } else { f[0].append(f[2]); } });
  }

  function Walker(win, origin, replace) {
    this.win = win;
    this.origin = origin;      // the picture's upper left corner on the screen
    this.replace = replace;    // element -> SVG that stands for it, or null
    this.defs = [];
    this.pen = document.createElement("canvas").getContext("2d");
  }

  Walker.prototype.box = function (rect) {
    return { x: rect.left - this.origin.left, y: rect.top - this.origin.top, w: rect.width, h: rect.height };
  };

  Walker.prototype.element = function (el) {
    var style = this.win.getComputedStyle(el);
    if (style.display === "none" || style.visibility === "hidden" || style.clipPath.indexOf("inset(50%") === 0) { return []; }
    var instead = this.replace(el, this.box(el.getBoundingClientRect()));
    if (instead) { return [instead]; }
    var turned = style.transform !== "none" && !/^matrix\(1, 0, 0, 1,/.test(style.transform) ? style.transform : "";
    if (turned) { el.style.transform = "none"; }
    var box = this.box(el.getBoundingClientRect());
    var out = this.ground(el, style, box);
    for (var child = el.firstChild; child; child = child.nextSibling) {
      if (child.nodeType === 1) { out = out.concat(this.element(child)); }
      if (child.nodeType === 3) { out = out.concat(this.text(child, el, style)); }
    }
    if (turned) {
      var at = style.transformOrigin.split(" ").map(parseFloat);
      var x = box.x + at[0], y = box.y + at[1];
      out = [svg("g", { transform: "translate(" + x + " " + y + ") " + turned + " translate(" + -x + " " + -y + ")" }, out)];
    }
    if (style.opacity !== "1" && out.length) { out = [svg("g", { opacity: style.opacity }, out)]; }
    return out;
  };

  Walker.prototype.ground = function (el, style, box) {
    if (style.display === "contents" || !box.w || !box.h) { return []; }
    if (el.tagName === "IMG") { return this.image(el, box); }
    var mask = /url\("data:image\/svg\+xml,(.*)"\)/.exec(style.maskImage || "");
    if (mask) { return this.mask(decodeURIComponent(mask[1]), style, box); }
    var radius = Math.min(parseFloat(style.borderTopLeftRadius) * (/%$/.test(style.borderTopLeftRadius) ? box.w / 100 : 1) || 0, box.w / 2, box.h / 2);
    var out = [];
    function fill(paint) { out.push(svg("rect", { x: box.x, y: box.y, width: box.w, height: box.h, rx: radius || null, fill: paint })); }
    if (!clear(style.backgroundColor)) { fill(style.backgroundColor); }
    if (style.backgroundImage.indexOf("repeating-linear-gradient") === 0) {
      var hatch = this.hatch(style.backgroundImage, box);
      if (hatch) { fill(hatch); }
    }
    var inset = /^(rgba?\([^)]*\)) 0px (-?[\d.]+)px 0px 0px inset$/.exec(style.boxShadow);
    if (inset) {
      var thick = parseFloat(inset[2]);
      out.push(svg("rect", { x: box.x, y: thick < 0 ? box.y + box.h + thick : box.y, width: box.w, height: Math.abs(thick), fill: inset[1] }));
    }
    return out.concat(this.borders(style, box, radius));
  };

  Walker.prototype.borders = function (style, box, radius) {
    var sides = ["Top", "Right", "Bottom", "Left"].map(function (side) {
      var width = parseFloat(style["border" + side + "Width"]) || 0;
      var kind = style["border" + side + "Style"];
      var color = style["border" + side + "Color"];
      return kind === "none" || kind === "hidden" || !width || clear(color) ? null : { width: width, color: color, dash: kind === "dashed" ? "3 2" : null };
    });
    var same = sides.every(function (s) { return s && s.width === sides[0].width && s.color === sides[0].color; });
    if (same) {
      var half = sides[0].width / 2;
      return [svg("rect", { x: box.x + half, y: box.y + half, width: Math.max(0, box.w - 2 * half), height: Math.max(0, box.h - 2 * half), rx: radius ? Math.max(0, radius - half) : null, fill: "none", stroke: sides[0].color, "stroke-width": sides[0].width, "stroke-dasharray": sides[0].dash })];
    }
    var joined = style.borderCollapse === "collapse" && /^table/.test(style.display);   /* a shared edge is half in each cell */
    return sides.map(function (s, k) {
      if (!s) { return null; }
      var d = joined ? 0 : s.width / 2;
      var ends = [[box.x, box.y + d, box.x + box.w, box.y + d], [box.x + box.w - d, box.y, box.x + box.w - d, box.y + box.h],
        [box.x, box.y + box.h - d, box.x + box.w, box.y + box.h - d], [box.x + d, box.y, box.x + d, box.y + box.h]][k];
      return svg("line", { x1: ends[0], y1: ends[1], x2: ends[2], y2: ends[3], stroke: s.color, "stroke-width": s.width, "stroke-dasharray": s.dash });
    }).filter(Boolean);
  };

  /* repeating-linear-gradient with hard stops: bands across the gradient line, as an SVG pattern. */
  Walker.prototype.hatch = function (text, box) {
    var angle = parseFloat(/\((-?[\d.]+)deg/.exec(text)[1]);
    var radians = angle * Math.PI / 180;
    var dx = Math.sin(radians), dy = -Math.cos(radians);
    var length = Math.abs(box.w * dx) + Math.abs(box.h * dy);
    var stops = [];
    var stop = /(rgba?\([^)]*\)) ((?:calc\([^)]*\)|-?[\d.]+(?:px|%)))/g;
    for (var m = stop.exec(text); m; m = stop.exec(text)) {
      var at = 0;
      (m[2].replace(/- /g, "-").match(/-?[\d.]+(?:px|%)/g) || []).forEach(function (part) {
        at += parseFloat(part) * (/%$/.test(part) ? length / 100 : 1);
      });
      stops.push([m[1], at]);
    }
    if (stops.length < 2) { return ""; }
    var period = stops[stops.length - 1][1];
    var bands = [];
    for (var k = 0; k + 1 < stops.length; k += 1) {
      if (stops[k][0] === stops[k + 1][0] && !clear(stops[k][0])) {
        bands.push(svg("rect", { x: stops[k][1], y: 0, width: stops[k + 1][1] - stops[k][1], height: 400, fill: stops[k][0] }));
      }
    }
    var x = box.x + box.w / 2 - dx * length / 2, y = box.y + box.h / 2 - dy * length / 2;
    var id = "hatch-" + (patterns += 1);
    this.defs.push(svg("pattern", { id: id, patternUnits: "userSpaceOnUse", width: period, height: 400, patternTransform: "translate(" + x + " " + y + ") rotate(" + (angle - 90) + ")" }, bands));
    return "url(#" + id + ")";
  };

  /* Icons and in-cell lines are drawings that let the background's colour through. */
  Walker.prototype.mask = function (text, style, box) {
    var drawing = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    var view = drawing.getAttribute("viewBox").split(" ").map(Number);
    var color = style.backgroundColor;
    if (clear(color)) { return []; }
    var stretched = drawing.getAttribute("preserveAspectRatio") === "none";
    var sx = box.w / view[2], sy = box.h / view[3];
    if (!stretched) { sx = sy = Math.min(sx, sy); }
    var x = box.x + (box.w - view[2] * sx) / 2, y = box.y + (box.h - view[3] * sy) / 2;
    var shapes = Array.prototype.map.call(drawing.children, function (shape) {
      var made = document.importNode(shape, true);
      made.setAttribute("fill", shape.getAttribute("fill") === "none" ? "none" : color);
      if (shape.getAttribute("stroke")) { made.setAttribute("stroke", color); }
      if (made.hasAttribute("vector-effect")) {   /* the width is the screen's: the points move, the pen does not widen */
        made.removeAttribute("vector-effect");
        made.setAttribute("d", made.getAttribute("d").replace(/([ML])(-?[\d.]+) (-?[\d.]+)/g, function (all, pen, px, py) {
          return pen + Math.round((x + px * sx) * 100) / 100 + " " + Math.round((y + py * sy) * 100) / 100;
        }));
      }
      return made;
    });
    return stretched ? shapes : [svg("g", { transform: "translate(" + x + " " + y + ") scale(" + sx + ")" }, shapes)];
  };

  Walker.prototype.image = function (img, box) {
    var text = /^data:image\/svg\+xml,(.*)$/.exec(img.src);
    if (!text) { return [svg("image", { href: img.src, x: box.x, y: box.y, width: box.w, height: box.h })]; }
    var drawing = new DOMParser().parseFromString(decodeURIComponent(text[1]), "image/svg+xml").documentElement;
    var made = document.importNode(drawing, true);
    ["x", "y"].forEach(function (name) { made.setAttribute(name, box[name].toFixed(2)); });
    made.setAttribute("width", box.w.toFixed(2));
    made.setAttribute("height", box.h.toFixed(2));
    return [made];
  };

  Walker.prototype.text = function (textNode, el, style) {
    var data = textNode.data;
    if (!/\S/.test(data)) { return []; }
    var range = textNode.ownerDocument.createRange();
    var lines = [];
    function rect(start, end) { range.setStart(textNode, start); range.setEnd(textNode, end); return range.getClientRects(); }
    function add(start, end, r) {
      var last = lines[lines.length - 1];
      if (last && Math.abs(last.top - r.top) < 2 && r.left >= last.right - 1) { last.end = end; last.right = r.right; return; }
      lines.push({ start: start, end: end, left: r.left, right: r.right, top: r.top });
    }
    var word = /\S+/g;
    for (var m = word.exec(data); m; m = word.exec(data)) {
      var rects = rect(m.index, m.index + m[0].length);
      if (rects.length === 1) { add(m.index, m.index + m[0].length, rects[0]); continue; }
      for (var k = m.index; k < m.index + m[0].length; k += 1) {   /* a word in two lines: letter by letter */
        var letter = rect(k, k + 1)[0];
        if (letter && letter.width) { add(k, k + 1, letter); }
      }
    }
    var room = style.textOverflow === "ellipsis" && el.scrollWidth > el.clientWidth + 1 ? el.getBoundingClientRect().right : Infinity;
    this.pen.font = style.fontStyle + " " + style.fontWeight + " " + style.fontSize + " " + style.fontFamily;
    var ascent = this.pen.measureText("Å").fontBoundingBoxAscent;
    var walker = this;
    return lines.map(function (line) {
      var said = data.slice(line.start, line.end).replace(/[ \n\t]+/g, " ");
      if (line.right > room) {
        while (said && line.left + walker.pen.measureText(said + "…").width > room) { said = said.slice(0, -1); }
        said += "…";
      }
      if (/\u00ad$/.test(said) || data[line.end] === "\u00ad") { said += "-"; }
      var right = style.textAlign === "right" || style.textAlign === "end";
      var node = svg("text", {
        x: (right ? line.right : line.left) - walker.origin.left, y: line.top + ascent - walker.origin.top,
        fill: style.color, "font-size": style.fontSize, "font-weight": style.fontWeight,
        "font-style": style.fontStyle === "normal" ? null : style.fontStyle,
        "letter-spacing": style.letterSpacing === "normal" ? null : style.letterSpacing,
        "text-anchor": right ? "end" : null
      });
      node.textContent = said.replace(/\u00ad/g, "");
      return node;
    });
  };

  window.lagesbildSvg = {
    svg: svg,
    /* `root` and what is in it as { shapes, defs }; coordinates count from its own upper left corner. */
    draw: function (root, win, replace) {
      materialize(root, win);
      var walker = new Walker(win, root.getBoundingClientRect(), replace);
      return { shapes: walker.element(root), defs: walker.defs };
    }
  };
})();
