// What a page can do beyond what it does without scripts. Everything here is an
// addition: without this file each page still works.
(() => {
  "use strict";
  const one = (query, root = document) => root.querySelector(query);

  // The server shows times in the reader's zone, which only the browser knows.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [prefix, safe] = location.protocol === "https:" ? ["__Host-", "; secure"] : ["", ""];
  if (zone && !document.cookie.split("; ").includes(prefix + "cadre_zone=" + zone)) {
    document.cookie = prefix + "cadre_zone=" + zone + "; path=/; max-age=31536000; samesite=lax" + safe;
  }

  // "/" or Ctrl-K goes to the search box from everywhere but a field.
  document.addEventListener("keydown", (e) => {
    const typing = e.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = e.key === "/" && !typing && !e.ctrlKey && !e.metaKey && !e.altKey;
    const k = e.key.toLowerCase() === "k" && (e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey;
    const box = one("#search");
    if (box && (slash || k)) {
      e.preventDefault();
      box.focus();
      box.select();
    }
  });

  // The arrows walk through what the search box suggests; Escape leaves it.
  document.addEventListener("keydown", (e) => {
    const search = e.target.closest?.(".search");
    const places = search && [one("#search", search), ...search.querySelectorAll("#suggestions a")];
    const at = places ? places.indexOf(e.target) : -1;
    if (at < 0 || places.length < 2) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Escape: 0 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    if (e.key === "Escape") one("#suggestions", search).replaceChildren();
    places[Math.max(0, Math.min(to, places.length - 1))].focus();
  });

  // A link that asks opens its dialog here; without scripts it loads the page
  // with the dialog open.
  document.addEventListener("click", (e) => {
    const link = e.target.closest?.("a[data-dialog]");
    const dialog = link && document.getElementById(link.dataset.dialog);
    if (dialog && !e.ctrlKey && !e.metaKey && !e.shiftKey && e.button === 0) {
      e.preventDefault();
      if (!dialog.open) dialog.showModal();
    }
    const close = e.target.closest?.("[data-close]");
    const open = close && close.closest("dialog, .toast");
    if (open) {
      e.preventDefault();
      if (open.matches("dialog")) open.close();
      else open.remove();
    }
  });

  // A dialog that came open from the server becomes one that holds the focus.
  function raise(root) {
    for (const dialog of root.querySelectorAll("dialog[open]:not([data-still])")) {
      if (!dialog.matches(":modal")) {
        dialog.close();
        dialog.showModal();
      }
    }
  }

  // What is wrong with a form is read first. A specimen keeps still.
  function tell(root) {
    one("[data-summary]:not([data-still] *)", root)?.focus();
  }

  // A form is sent once, and its button says that it works on it.
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (form.method !== "post" || e.defaultPrevented) return;
    if (form.dataset.sent) {
      e.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    e.submitter?.setAttribute("aria-busy", "true");
  });
  // A page that comes back from the browser's memory may send its forms again.
  addEventListener("pageshow", (e) => {
    if (!e.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      one("[aria-busy]", form)?.removeAttribute("aria-busy");
    }
  });

  // A part that could not be loaded says so in its place.
  document.addEventListener("htmx:afterRequest", (e) => {
    const form = e.target.closest?.("form[data-sent]");
    if (form) delete form.dataset.sent;
    for (const busy of e.target.querySelectorAll?.("[aria-busy]") ?? []) busy.removeAttribute("aria-busy");
  });
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, (e) => {
      const toasts = one("#toasts");
      if (!toasts) return;
      const say = document.createElement("p");
      const reference = e.detail.xhr?.getResponseHeader?.("X-Request-Id");
      say.className = "toast";
      say.textContent = "This could not be loaded. Try again." + (reference ? " Reference " + reference : "");
      toasts.append(say);
    });
  }
  document.addEventListener("htmx:afterSwap", (e) => {
    raise(e.target);
    tell(e.target);
  });

  raise(document);
  tell(document);
})();
