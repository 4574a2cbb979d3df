// The step forms of the application centre. Everything here is a convenience: without it the page works.
"use strict";

(() => {
  // Districts of the chosen city only. The groups of the select are the cities, by name.
  document.querySelectorAll("select[data-district-of]").forEach((select) => {
    const city = document.getElementById(select.dataset.districtOf);
    if (!city) return;
    const groups = [...select.querySelectorAll("optgroup")];

    function narrow() {
      const name = city.selectedOptions[0]?.textContent ?? "";
      const own = groups.find((group) => group.label === name);
      const value = select.value;
      groups.forEach((group) => group.remove());
      select.append(...(own ? [own] : groups));
      select.value = value;
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    }

    city.addEventListener("change", narrow);
    narrow();
  });

  // A long select gets a box above it that narrows it down.
  document.querySelectorAll("select[data-filter-options]").forEach((select) => {
    const entries = [...select.querySelectorAll("optgroup")].map((group) => [group, [...group.children]]);
    const box = document.createElement("input");
    box.type = "search";
    box.className = "option-filter";
    box.placeholder = select.dataset.filterOptions;
    box.setAttribute("aria-label", select.dataset.filterOptions);
    box.autocomplete = "off";
    select.before(box);

    function narrow() {
      const words = box.value.trim().toLowerCase();
      const chosen = select.value;
      let first = "";
      entries.forEach(([group, options]) => {
        const whole = group.label.toLowerCase().includes(words);
        const fitting = options.filter(
          (option) => !words || whole || option.value === chosen || option.textContent.toLowerCase().includes(words),
        );
        group.replaceChildren(...fitting);
        if (fitting.length) select.append(group);
        else group.remove();
        if (words && !first) first = fitting.find((option) => option.textContent.toLowerCase().includes(words))?.value ?? "";
      });
      select.value = chosen || "";
      box.dataset.first = first;
    }

    box.addEventListener("input", narrow);
    // Enter takes the first that fits, rather than sending the form
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (!box.dataset.first) return;
      select.value = box.dataset.first;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      select.focus();
    });
  });

  // Many boxes get a box above them that shows only those that fit; what is ticked always stays in sight.
  document.querySelectorAll("[data-filter-checks]").forEach((list) => {
    const rows = [...list.children];
    if (rows.length < 8) return;
    const box = document.createElement("input");
    box.type = "search";
    box.className = "option-filter";
    box.placeholder = list.dataset.filterChecks;
    box.setAttribute("aria-label", list.dataset.filterChecks);
    box.autocomplete = "off";
    const none = document.createElement("p");
    none.className = "muted small";
    none.setAttribute("role", "status");
    list.before(box);
    list.after(none);

    box.addEventListener("input", (event) => {
      event.stopPropagation();
      const words = box.value.trim().toLowerCase().split(/\s+/);
      let shown = 0;
      rows.forEach((row) => {
        const text = row.textContent.toLowerCase();
        const fits = words.every((word) => text.includes(word));
        row.hidden = !fits && !row.querySelector("input").checked;
        shown += fits;
      });
      none.textContent = shown ? "" : list.dataset.none;
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  });

  // Photos: 前移 moves a photo towards the front; the first is the cover.
  document.querySelectorAll("[data-photos]").forEach((list) => {
    const cover = (item) => item.querySelector("input[type=radio]");

    [...list.children].forEach((item) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn--small photos__forward";
      button.textContent = list.dataset.forward;
      button.addEventListener("click", () => {
        item.previousElementSibling?.before(item);
        cover(list.firstElementChild).checked = true;
        button.focus();
        list.dispatchEvent(new Event("input", { bubbles: true }));
      });
      item.append(button);
    });
    list.addEventListener("change", (event) => {
      if (event.target.type === "radio") list.prepend(event.target.closest("li"));
      if (event.target.type === "checkbox") event.target.closest("li").classList.toggle("is-removed", event.target.checked);
    });
  });

  // A part that one choice alone needs; what has been filled in stays in sight.
  document.querySelectorAll("[data-shown-for]").forEach((part) => {
    const choice = document.getElementById(part.dataset.shownFor);
    const boxes = [...part.querySelectorAll("input[type=text]")];
    const show = () => {
      const filled = part.querySelector(".field--invalid, .field__note") || boxes.some((box) => box.value);
      part.hidden = choice.value !== part.dataset.shownValue && !filled;
    };
    choice.addEventListener("change", show);
    show();
  });

  // One more row like the last: without script the button saves and the page comes back with more.
  document.querySelectorAll("button[data-add-row]").forEach((button) => {
    const rows = button.closest("section").querySelector("[data-rows]");
    button.lastChild.textContent = button.dataset.addRow;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const row = rows.lastElementChild.cloneNode(true);
      const number = rows.children.length + 1;
      row.setAttribute("aria-label", row.getAttribute("aria-label").replace(/\d+/, number));
      row.querySelector(".rows__number").textContent = number;
      row.querySelectorAll("input, select").forEach((input) => {
        input.value = "";
        input.id = input.id.replace(/\d+$/, number - 1);
        input.previousElementSibling.htmlFor = input.id;
      });
      rows.append(row);
      row.querySelector("input").focus();
    });
  });

  // One press, one request; and no leaving with something typed that is not saved.
  document.querySelectorAll("form[data-step-form]").forEach((form) => {
    let dirty = Boolean(form.querySelector(".error-summary"));
    const touched = () => {
      dirty = true;
    };
    form.addEventListener("input", touched);
    form.addEventListener("change", touched);
    window.addEventListener("beforeunload", (event) => {
      if (dirty) event.preventDefault();
    });
    form.addEventListener("submit", () => {
      dirty = false;
    });
  });

  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    // after this turn: the pressed button's own value must still be sent
    setTimeout(() => {
      if (event.defaultPrevented) return;
      event.target.querySelectorAll("button[type=submit]").forEach((button) => {
        button.disabled = true;
      });
    });
  });

  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form button[type=submit][disabled]").forEach((button) => {
      button.disabled = false;
    });
  });

  // Escape on a question is 取消.
  document.querySelectorAll("dialog[data-cancel-url]").forEach((dialog) => {
    dialog.addEventListener("cancel", () => {
      window.location.assign(dialog.dataset.cancelUrl);
    });
  });
})();
