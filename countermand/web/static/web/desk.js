/* What the pages do beyond HTML. Every page works without this file: it only makes hands quicker. */
(() => {
  "use strict";
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const toasts = () => one("#toasts");

  /* Side sheets: a link to #id opens the <dialog> of that id; without a script :target does. */
  function openSheet(id) {
    const sheet = document.getElementById(id);
    if (!(sheet instanceof HTMLDialogElement)) return false;
    if (!sheet.open) sheet.showModal();
    return true;
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && openSheet(opener.dataset.opens)) {
      event.preventDefault();
      opener.closest("details.drop")?.removeAttribute("open");
      return;
    }
    const closer = event.target.closest("[data-closes]");
    if (closer?.dataset.closes === "toast") closer.closest("[data-toast]").remove();
    if (closer?.dataset.closes === "sheet") {
      event.preventDefault();
      const sheet = closer.closest("dialog");
      sheet.open ? sheet.close() : (location.hash = "");
    }
    if (event.target instanceof HTMLDialogElement && event.target.matches(".sheet")) event.target.close();
    all("details.drop[open]").forEach((drop) => drop.contains(event.target) || drop.removeAttribute("open"));
    if (event.target.closest("[aria-disabled='true']")) event.preventDefault();
  });

  /* Rows: j and k walk, Enter opens, x ticks, a cancels. */
  const rows = () => all("[data-row]").filter((row) => row.offsetParent !== null);

  function walk(by) {
    const known = rows();
    if (!known.length) return;
    const at = known.indexOf(document.activeElement?.closest("[data-row]"));
    const row = known[Math.min(known.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : known.length - 1) : at + by))];
    row.tabIndex = -1;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function press(verb) {
    const row = document.activeElement?.closest("[data-row]");
    /* Without a chosen row only a page about one thing may act: in a list "a" must not hit the first row. */
    const place = row || (rows().length ? null : document);
    place && one(`[data-verb="${verb}"]`, place)?.click();
  }

  const keys = {
    "/": () => one("[data-search]")?.focus(),
    "?": () => openSheet("keys"),
    j: () => walk(1),
    k: () => walk(-1),
    a: () => press("cancel"),
    x: () => one("[data-check]", document.activeElement?.closest("[data-row]") || document.createElement("i"))?.click(),
    Enter: () => document.activeElement?.matches("[data-row]") && press("open"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const drop = one("details.drop[open]");
      if (drop) {
        drop.removeAttribute("open");
        one("summary", drop).focus();
      } else if (document.activeElement?.matches("[data-search]")) document.activeElement.blur();
      return;
    }
    const typing = event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.key === "Enter" && !document.activeElement?.matches("[data-row]")) return;
    const deed = keys[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });

  /* How many: one more, one less, all or none, without asking the server for each. */
  function setUnits(input, units) {
    const most = Number(input.max || Infinity);
    input.value = Math.min(most, Math.max(0, units));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    const fill = event.target.closest("[data-fill]");
    if (step) {
      const input = one("input", step.closest(".counter"));
      setUnits(input, (Number(input.value) || 0) + Number(step.dataset.step));
    }
    if (fill) {
      const inputs = all(".counter input", fill.closest(".card"));
      inputs.forEach((input) => setUnits(input, fill.dataset.fill === "most" ? Number(input.max) : 0));
    }
    if (step || fill) event.preventDefault();
  });

  /* A step that is saved keeps the articles as they are chosen now: its page comes back with them. */
  document.addEventListener("submit", (event) => {
    const mark = one("[data-asked]", event.target);
    const counters = all("input[data-line]");
    if (!mark || !counters.length) return;
    const asked = all("[name=ligne]", event.target);
    const before = asked.map((kept) => kept.value);
    asked.forEach((kept) => kept.remove());
    const keep = (name, value) => {
      const kept = document.createElement("input");
      Object.assign(kept, { type: "hidden", name, value });
      mark.append(kept);
    };
    const same = (input) => input.value === input.defaultValue && before.includes(input.dataset.line);
    const chosen = counters.filter((input) => Number(input.value) > 0 || same(input));
    if (!chosen.length) keep("ligne", "rien");
    chosen.forEach((input) => {
      keep("ligne", input.dataset.line);
      if (Number(input.value) > 0 && input.value !== input.max) keep("combien", `${input.name.replace("units-", "")}:${input.value}`);
    });
  }, true);

  /* Ticks: the count of the bulk bar, and one box for all. */
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form");
    if (!form || !event.target.matches("[data-check], [data-check-all]")) return;
    const boxes = all("[data-check]", form);
    const whole = one("[data-check-all]", form);
    if (event.target === whole) boxes.forEach((box) => (box.checked = whole.checked));
    countTicks(form);
  });

  function countTicks(form) {
    const boxes = all("[data-check]", form);
    const ticked = boxes.filter((box) => box.checked).length;
    const whole = one("[data-check-all]", form);
    if (whole) {
      whole.checked = ticked > 0 && ticked === boxes.length;
      whole.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    all("[data-check-count]", form).forEach((place) => {
      place.textContent = ticked === 1 ? place.dataset.one : place.dataset.many.replace("#", ticked);
    });
  }

  /* A form is sent once. The button stays pressed until an answer comes or the page is left. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });

  function release() {
    all("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      [...form.elements].forEach((button) => button.removeAttribute("aria-busy"));
    });
  }

  addEventListener("pageshow", release);
  document.addEventListener("htmx:afterRequest", release);

  /* Toasts: those with undo stay until closed; the others go once they have been there to read. */
  function age(toast) {
    if (toast.dataset.stays !== undefined || toast.dataset.ages) return;
    toast.dataset.ages = "yes";
    const later = () => (toast.matches(":hover, :focus-within") ? setTimeout(later, 3000) : toast.remove());
    setTimeout(later, 9000);
  }

  /* Made anew and not by template: it must stand even where the server cannot be asked. */
  function say(text) {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.dataset.toast = "";
    const words = document.createElement("p");
    words.className = "toast-text";
    words.textContent = text;
    toast.append(words);
    toasts()?.append(toast);
    age(toast);
  }

  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) =>
    document.addEventListener(name, () => say(toasts()?.dataset.lost || "")),
  );

  /* Light, dark, or as the machine: at once, while the server keeps the choice. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-form]")) return;
    const chosen = event.submitter?.value || "";
    if (chosen) document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
  }, true);

  /* New parts that htmx brings are readied like those that were there. */
  function ready(root) {
    all("[data-toast]", root).forEach(age);
    all("form").forEach((form) => one("[data-check]", form) && countTicks(form));
  }
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt.parentElement || document));
  ready(document);
})();
