/* /ogonblicksbilder: saving and trying files, which take a while. */
(function () {
  "use strict";

  function byId(id) { return document.getElementById(id); }

  function send(path, options) {
    return fetch("/ogonblicksbilder/" + path, options).then(function (answer) {
      return answer.json().then(function (told) {
        if (!answer.ok) { throw new Error(told.fel || "Det gick inte. Försök igen om en stund."); }
        return told;
      });
    });
  }

  function verdict(told) {
    var list = byId("snap-verdict");
    list.textContent = "";
    told.meningar.forEach(function (text) {
      var li = document.createElement("li");
      li.className = told.akta ? "ok" : "mind";
      li.textContent = text;
      list.appendChild(li);
    });
    list.scrollIntoView({ block: "nearest" });
  }

  function failed(error) { verdict({ akta: false, meningar: [error.message] }); }

  function save() {
    var said = byId("snap-said");
    var button = byId("snap-save");
    button.disabled = true;
    said.textContent = "Fryser läget. Det tar upp till en halv minut …";
    send("spara", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Lagesbild": "1" },
      body: JSON.stringify({
        skal: byId("snap-reason").value,
        tidpunkt: byId("snap-moment").value ? new Date(byId("snap-moment").value).toISOString() : ""
      })
    }).then(function (told) {
      window.lagesbild.say(told.mening);
      window.dash_clientside.set_props("attempt", { data: Date.now() });
    }).catch(function (error) {
      button.disabled = false;
      said.textContent = error.message;
    });
  }

  function tryFile() {
    var file = byId("snap-file").files[0];
    if (!file) { failed(new Error("Välj en fil först.")); return; }
    send("prova?namn=" + encodeURIComponent(file.name), {
      method: "POST", headers: { "Content-Type": "application/zip", "X-Lagesbild": "1" }, body: file
    }).then(verdict).catch(failed);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button");
    if (!button) { return; }
    if (button.id === "snap-save") { save(); }
    if (button.id === "snap-verify") { tryFile(); }
    if (button.dataset.verify) { send("prova/" + encodeURIComponent(button.dataset.verify)).then(verdict).catch(failed); }
  });
})();
