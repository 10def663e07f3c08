/* The rich text editor in Swedish, and named so that a screen reader can tell its parts apart.

   Loaded before the editor, since it asks window.gettext for its words at once and tells only once that it is ready. */
(() => {
  "use strict";
  const ord = {
    "Cancel": "Avbryt",
    "Edit Link": "Ändra länk",
    "Title": "Beskrivning av länken",
    "URL": "Adress",
    "Update": "Uppdatera",
    "Insert": "Infoga",
    "List properties": "Listans egenskaper",
    "List type": "Slags lista",
    "Bullets": "Punkter",
    "Decimal numbers": "Siffror",
    "Lowercase letters": "Små bokstäver",
    "Uppercase letters": "Stora bokstäver",
    "Lowercase Roman numerals": "Små romerska siffror",
    "Uppercase Roman numerals": "Stora romerska siffror",
    "Start at": "Börja på",
  };
  window.gettext = (text) => ord[text] ?? text;

  const KNAPPAR = {
    bulletList: "Punktlista", orderedList: "Numrerad lista", orderedListProperties: "Listans egenskaper",
    bold: "Fet", italic: "Kursiv", link: "Länk", unlink: "Ta bort länk", "history:undo": "Ångra", "history:redo": "Gör om",
  };
  const STYCKEN = { heading3: "Rubrik", heading4: "Underrubrik", paragraph: "Brödtext" };

  function namnge(event) {
    const { editor, textarea } = event.detail;
    textarea.redigerare = editor; // for whoever puts a text in its place: the event is told once, maybe before they listen
    const etikett = document.querySelector(`label[for="${textarea.id}"]`);
    const yta = editor.view.dom;
    yta.setAttribute("role", "textbox");
    yta.setAttribute("aria-multiline", "true");
    yta.classList.add("prosa");
    if (etikett) yta.setAttribute("aria-label", etikett.firstChild.textContent.trim());
    for (const namn of ["aria-describedby", "aria-invalid"]) {
      if (textarea.hasAttribute(namn)) yta.setAttribute(namn, textarea.getAttribute(namn));
    }
    // What leads to the textarea, which is hidden, leads to the surface: its label, and the summary of errors.
    for (const vag of [etikett, ...document.querySelectorAll(`a[href="#${textarea.id}"]`)]) {
      vag?.addEventListener("click", (klick) => { klick.preventDefault(); editor.commands.focus(); });
    }
    // The row of buttons is made just after the editor says that it is ready, and after each change it is drawn anew.
    setTimeout(() => {
      const rad = textarea.closest(".prose-editor")?.querySelector(".prose-menubar");
      if (!rad) return;
      namngeKnappar(rad);
      const vad = { subtree: true, childList: true, attributeFilter: ["class"] };
      new MutationObserver(() => namngeKnappar(rad)).observe(rad, vad);
    });
  }

  function namngeKnappar(rad) {
    rad.setAttribute("role", "toolbar");
    rad.setAttribute("aria-label", "Textformat");
    for (const val of rad.querySelectorAll(".prose-menubar__option[data-name]")) {
      const text = val.firstElementChild ?? val;
      const namn = STYCKEN[val.dataset.name] ?? text.textContent;
      if (text.textContent !== namn) text.textContent = namn;
    }
    for (const knapp of rad.querySelectorAll(".prose-menubar__button")) {
      const namn = KNAPPAR[knapp.dataset.name] ?? "Slags stycke";
      knapp.setAttribute("aria-label", namn);
      knapp.title = namn;
      if (knapp.dataset.name) knapp.setAttribute("aria-pressed", String(knapp.classList.contains("active")));
      knapp.setAttribute("aria-disabled", String(knapp.classList.contains("disabled")));
    }
  }

  document.addEventListener("prose-editor:ready", namnge);
})();
