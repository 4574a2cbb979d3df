// <details data-menu> closes as a menu does: by Esc, by a click elsewhere, and when the focus leaves it.
// Without this script it closes by its own button.
"use strict";

document.querySelectorAll("details[data-menu]").forEach((menu) => {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

// A <details class="disclose"> opens what follows it, such as the menu of a phone: Esc closes it from either.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const at = event.target.closest(".disclose, .disclose-body");
  const opener = at?.matches(".disclose") ? at : at?.previousElementSibling;
  if (!opener?.open) return;
  opener.open = false;
  opener.querySelector("summary").focus();
});
