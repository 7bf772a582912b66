// Passkeys. A form with data-passkey asks the server for options, has the
// browser ask the device, and sends the answer. "create" makes a passkey, with
// the name that stands in the form; "get" signs in. Without this script, or in
// a browser that knows no passkeys, such forms stay hidden.
"use strict";
(() => {
  const keys = globalThis.PublicKeyCredential;
  if (!keys?.parseRequestOptionsFromJSON || !keys.parseCreationOptionsFromJSON) return;

  async function send(address, body) {
    const answer = await fetch(address, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    const kind = answer.headers.get("Content-Type") ?? "";
    const content = kind.startsWith("application/json") ? await answer.json() : {};
    if (answer.ok && kind.startsWith("application/json")) return content;
    throw new Error(content.message ?? "This did not work. Try again.");
  }

  async function use(form) {
    const options = await send(form.dataset.options, "{}");
    if (options.next) return options.next;
    const made =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: keys.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: keys.parseRequestOptionsFromJSON(options) });
    const address = new URL(form.action);
    const name = form.elements.namedItem("name");
    if (name) address.searchParams.set("name", name.value);
    return (await send(address, JSON.stringify(made))).next;
  }

  function tell(form, text) {
    let place = form.querySelector("[role=alert]");
    if (!place) {
      place = document.createElement("p");
      place.setAttribute("role", "alert");
      place.className = "field__error";
      form.append(place);
    }
    place.textContent = text;
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (e) => {
      e.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      tell(form, "");
      try {
        location.assign(await use(form));
      } catch (failure) {
        // The browser's own refusals are for programmers; people know what they pressed.
        const theirs = failure instanceof DOMException;
        tell(form, theirs ? "No passkey was used. Try again, or sign in another way." : failure.message);
      } finally {
        button.disabled = false;
      }
    });
  }
})();
