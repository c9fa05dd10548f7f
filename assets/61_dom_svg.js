/* What a piece of the page looks like, as SVG: boxes, borders, hatching, lines drawn as masks, and text line by line.
   Not a browser: only what the design uses (DESIGN.md), measured where the browser put it. */
(function () {
  "use strict";
  var NS = "http://www.w3.org/2000/svg";
  var PSEUDO = ["display", "position", "left", "top", "right", "bottom", "width", "height", "margin", "boxSizing",
    "background", "border", "borderRadius", "boxShadow", "mask", "verticalAlign", "transform", "opacity", "color"];
  var COLOR = "(?:rgba?|color)\\([^)]*\\)";
  var LENGTH = "(?:calc\\([^)]*\\)|-?[\\d.]+(?:px|%))";
  var paints = 0;

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

  /* "12px", "50%" or "calc(50% - 1px)" of a whole, in pixels */
  function pixels(text, whole) {
    return (text.replace(/- /g, "-").match(/-?[\d.]+(?:px|%)/g) || []).reduce(function (sum, part) {
      return sum + parseFloat(part) * (/%$/.test(part) ? whole / 100 : 1);
    }, 0);
  }

  /* Where a gradient's line points: "225deg", "to right bottom" (so that the middle goes through the corners), or down. */
  function direction(text, box) {
    var angle = /gradient\((-?[\d.]+)deg/.exec(text);
    if (angle) { return [Math.sin(angle[1] * Math.PI / 180), -Math.cos(angle[1] * Math.PI / 180)]; }
    var to = /gradient\(to ([a-z ]+),/.exec(text);
    if (!to) { return [0, 1]; }
    var x = /right/.test(to[1]) ? 1 : /left/.test(to[1]) ? -1 : 0;
    var y = /bottom/.test(to[1]) ? 1 : /top/.test(to[1]) ? -1 : 0;
    if (!x || !y) { return [x, y]; }
    var length = Math.hypot(box.w, box.h);
    return [x * box.h / length, y * box.w / length];
  }

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
    if (el.tagName === "svg") { return this.drawing(el, style.color, box); }
    var mask = /url\("data:image\/svg\+xml,(.*)"\)/.exec(style.maskImage || "");
    if (mask) {
      var text = decodeURIComponent(mask[1]);
      return this.drawing(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, style.backgroundColor, box);
    }
    var radius = Math.min(parseFloat(style.borderTopLeftRadius) * (/%$/.test(style.borderTopLeftRadius) ? box.w / 100 : 1) || 0, box.w / 2, box.h / 2);
    var out = [];
    function fill(paint) { out.push(svg("rect", { x: box.x, y: box.y, width: box.w, height: box.h, rx: radius || null, fill: paint })); }
    if (!clear(style.backgroundColor)) { fill(style.backgroundColor); }
    if (style.backgroundImage.indexOf("gradient(") > 0) {
      var at = this.painted(style, box);
      out.push(svg("rect", { x: at.x, y: at.y, width: at.w, height: at.h, rx: radius || null, fill: this.gradient(style.backgroundImage, at) }));
    }
    var inset = new RegExp("^(" + COLOR + ") 0px (-?[\\d.]+)px 0px (-?[\\d.]+)px inset$").exec(style.boxShadow);
    if (inset) {
      var thick = parseFloat(inset[2]), frame = parseFloat(inset[3]);
      if (thick) { out.push(svg("rect", { x: box.x, y: thick < 0 ? box.y + box.h + thick : box.y, width: box.w, height: Math.abs(thick), fill: inset[1] })); }
      if (frame) { out.push(svg("rect", { x: box.x + frame / 2, y: box.y + frame / 2, width: box.w - frame, height: box.h - frame, fill: "none", stroke: inset[1], "stroke-width": frame })); }
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

  /* The part of a box that its background fills: all of it, or a size in pixels in the middle. */
  Walker.prototype.painted = function (style, box) {
    var size = /^([\d.]+)px ([\d.]+)px$/.exec(style.backgroundSize);
    if (!size) { return box; }
    var w = Number(size[1]), h = Number(size[2]);
    return { x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w: w, h: h };
  };

  Walker.prototype.gradient = function (text, box) {
    var round = text.indexOf("radial") === 0;
    var d = direction(text, box);
    var length = round ? Math.hypot(box.w, box.h) / 2 : Math.abs(box.w * d[0]) + Math.abs(box.h * d[1]);
    var stops = [];
    var stop = new RegExp("(" + COLOR + ")((?: " + LENGTH + ")*)", "g");
    for (var m = stop.exec(text); m; m = stop.exec(text)) {
      var places = m[2].match(new RegExp(LENGTH, "g")) || [null];
      for (var k = 0; k < places.length; k += 1) { stops.push([m[1], places[k] === null ? null : pixels(places[k], length)]); }
    }
    if (stops.length < 2 || !/^(repeating-linear|linear|radial)-/.test(text)) { throw new Error("no such gradient: " + text); }
    if (stops[0][1] === null) { stops[0][1] = 0; }
    if (stops[stops.length - 1][1] === null) { stops[stops.length - 1][1] = length; }
    var end = stops[stops.length - 1][1];
    var marks = stops.map(function (s, n) {
      /* see-through is the neighbour's colour without its strength: else it would be grey on the way */
      var near = [stops[n + 1], stops[n - 1]].find(function (other) { return other && !clear(other[0]); });
      return svg("stop", { offset: String(Math.round(1e4 * s[1] / end) / 1e4), "stop-color": clear(s[0]) ? (near || s)[0] : s[0], "stop-opacity": clear(s[0]) ? "0" : null });
    });
    var id = "paint-" + (paints += 1);
    var cx = box.x + box.w / 2, cy = box.y + box.h / 2;
    var x = cx - d[0] * length / 2, y = cy - d[1] * length / 2;
    var where = round ? { cx: cx, cy: cy, r: end } : { x1: x, y1: y, x2: x + d[0] * end, y2: y + d[1] * end };
    var spread = text.indexOf("repeating") === 0 ? "repeat" : null;
    this.defs.push(svg(round ? "radialGradient" : "linearGradient", Object.assign({ id: id, gradientUnits: "userSpaceOnUse", spreadMethod: spread }, where), marks));
    return "url(#" + id + ")";
  };

  /* In-cell lines are drawings in the text's colour; icons let the background's colour through. */
  Walker.prototype.drawing = function (drawing, color, box) {
    var view = drawing.getAttribute("viewBox").split(" ").map(Number);
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
    if (style.writingMode.indexOf("vertical") === 0) { return this.upright(range, textNode, style); }
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

  /* Text in a column reads downwards: one line, its letters' tops to the right. */
  Walker.prototype.upright = function (range, textNode, style) {
    range.selectNodeContents(textNode);
    var rect = this.box(range.getBoundingClientRect());
    this.pen.font = style.fontStyle + " " + style.fontWeight + " " + style.fontSize + " " + style.fontFamily;
    var measure = this.pen.measureText("Å");
    var descent = measure.fontBoundingBoxDescent * rect.w / (measure.fontBoundingBoxAscent + measure.fontBoundingBoxDescent);
    var node = svg("text", {
      transform: "translate(" + (rect.x + descent).toFixed(2) + " " + rect.y.toFixed(2) + ") rotate(90)",
      fill: style.color, "font-size": style.fontSize, "font-weight": style.fontWeight
    });
    node.textContent = textNode.data.trim().replace(/\u00ad/g, "");
    return [node];
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
