// A button with data-confirm-dialog="ID" asks first, in <dialog id="ID">, then submits its form through itself with
// confirmed=1. Without this script the button submits plainly and the server asks on a page of its own.
"use strict";

(() => {
  if (!window.HTMLDialogElement) return;

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm-dialog]");
    if (!button) return;
    const form = button.form;
    const dialog = document.getElementById(button.dataset.confirmDialog);
    if (!form || !dialog) return;
    event.preventDefault();
    if (!form.noValidate && !button.formNoValidate && !form.reportValidity()) return;
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "confirm") return;
        const confirmed = document.createElement("input");
        confirmed.type = "hidden";
        confirmed.name = "confirmed";
        confirmed.value = "1";
        form.append(confirmed);
        form.requestSubmit(button);
        // requestSubmit does not click, so this listener does not ask again; the field must not outlive a refused submit
        confirmed.remove();
      },
      { once: true },
    );
    dialog.returnValue = "";
    dialog.showModal();
  });

  document.querySelectorAll("dialog").forEach((dialog) => {
    const confirm = dialog.querySelector("[data-dialog-confirm]");
    const cancel = dialog.querySelector("[data-dialog-cancel]");
    if (confirm) confirm.addEventListener("click", () => dialog.close("confirm"));
    if (cancel) cancel.addEventListener("click", () => dialog.close("cancel"));
    if (dialog.hasAttribute("data-open-at-load")) {
      dialog.removeAttribute("open");
      dialog.showModal();
    }
  });
})();
