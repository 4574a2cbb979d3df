// Suggestions under a search box marked data-suggest: a listbox that htmx fills while one types. Without script the box is a plain form.
"use strict";
(() => {
  const { htmx: library } = document.currentScript.dataset;
  let loading = null;

  // 16 KB that most visits do not need: fetched when a search box is first entered
  const loadHtmx = () => {
    loading ??= new Promise((resolve, reject) => {
      if (window.htmx) return resolve();
      if (!document.querySelector('meta[name="htmx-config"]')) {
        const meta = document.createElement("meta");
        meta.name = "htmx-config";
        meta.content = '{"includeIndicatorStyles":false,"allowEval":false}';
        document.head.append(meta);
      }
      const script = document.createElement("script");
      script.src = library;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };

  const enhance = (input) => {
    const list = document.createElement("div");
    list.id = `${input.id}-suggestions`;
    list.className = "suggest";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.suggestLabel);
    input.form.append(list);

    const attributes = {
      "role": "combobox", "autocomplete": "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
      "hx-get": input.dataset.suggest, "hx-trigger": "input delay:150ms", "hx-target": `#${list.id}`, "hx-sync": "this:replace",
    };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);

    const options = () => [...list.querySelectorAll('[role="option"]')];
    const chosen = () => list.querySelector('[aria-selected="true"]');
    const choose = (option) => {
      chosen()?.setAttribute("aria-selected", "false");
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      if (option) input.setAttribute("aria-activedescendant", option.id);
      else input.removeAttribute("aria-activedescendant");
    };
    const show = (open) => {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) choose(null);
    };

    list.addEventListener("htmx:afterSwap", () => show(options().length > 0 && document.activeElement === input));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    input.addEventListener("blur", () => show(false));
    input.addEventListener("focus", () => show(options().length > 0 && input.value !== ""));
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const all = options();
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
        event.preventDefault();
        // the box itself comes before the first and after the last
        const step = event.key === "ArrowDown" ? 1 : -1;
        const ring = [null, ...all];
        const at = list.hidden ? 0 : ring.indexOf(chosen());
        show(true);
        choose(ring[(at + step + ring.length) % ring.length]);
      } else if (event.key === "Enter" && !list.hidden && chosen()) {
        event.preventDefault();
        chosen().click();
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        show(false);
      }
    });
    loadHtmx().then(() => {
      window.htmx.process(input);
      if (input.value) window.htmx.trigger(input, "input");
    }, () => {});
  };

  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("input[data-suggest]:not([role])")) enhance(target);
  });
})();
