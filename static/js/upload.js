// A file field shows what was just chosen, takes a dropped file, and says at once when it is too big.
// Without this script the native file input stays and everything works.
"use strict";

(() => {
  const megabyte = 1024 * 1024;

  const size = (bytes) => (bytes < megabyte ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / megabyte).toFixed(1)} MB`);

  // Drawn on a canvas: no blob: address, so the content security policy stays strict.
  async function draw(file, thumb) {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, 448 / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", file.name);
    thumb.replaceChildren(canvas);
  }

  function attach(box) {
    const input = box.querySelector("input[type=file]");
    const now = box.querySelector("[data-upload-now]");
    const thumb = box.querySelector("[data-upload-thumb]");
    const name = box.querySelector("[data-upload-name]");
    const label = box.querySelector("[data-upload-label]");
    const placeholder = thumb.innerHTML.includes("<svg") ? thumb.firstElementChild.cloneNode(true) : null;
    const before = { thumb: [...thumb.childNodes], name: [...name.childNodes], hidden: now.hidden, label: label.textContent };
    box.classList.add("is-live");

    function restore() {
      thumb.replaceChildren(...before.thumb);
      name.replaceChildren(...before.name);
      now.hidden = before.hidden;
      label.textContent = before.label;
    }

    function show() {
      const files = [...input.files];
      input.setCustomValidity("");
      if (!files.length) return restore();
      const tooBig = files.find((file) => file.size > Number(box.dataset.maxMb) * megabyte);
      now.hidden = false;
      label.textContent = label.dataset.again;
      if (tooBig) {
        input.value = "";
        thumb.replaceChildren(...(placeholder ? [placeholder] : before.thumb));
        name.textContent = `${tooBig.name}（${size(tooBig.size)}）：${box.dataset.tooBig}`;
        return undefined;
      }
      name.textContent = box.dataset.chosen + files.map((file) => `${file.name}（${size(file.size)}）`).join("、");
      if (files[0].type.startsWith("image/")) {
        draw(files[0], thumb).catch(() => thumb.replaceChildren(...(placeholder ? [placeholder] : [])));
      } else {
        thumb.replaceChildren(...(placeholder ? [placeholder] : []));
      }
      return undefined;
    }

    input.addEventListener("change", show);
    box.addEventListener("dragover", (event) => {
      event.preventDefault();
      box.classList.add("is-over");
    });
    box.addEventListener("dragleave", () => box.classList.remove("is-over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("is-over");
      if (!event.dataTransfer.files.length) return;
      const kept = new DataTransfer();
      [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1).forEach((file) => kept.items.add(file));
      input.files = kept.files;
      show();
    });
    if (input.files.length) show();
  }

  document.querySelectorAll("[data-upload]").forEach(attach);

  // Sending files takes a while: say so, and let a second click do nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
    const chosen = [...form.querySelectorAll("input[type=file]")].find((input) => input.files.length);
    if (!chosen) return;
    const busy = document.createElement("p");
    busy.className = "busy";
    busy.setAttribute("role", "status");
    busy.append(document.createElement("progress"), chosen.closest("[data-upload]")?.dataset.busy || "");
    (form.querySelector(".form-actions, .btn-row") || form).after(busy);
  });

  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sending]").forEach((form) => delete form.dataset.sending);
    document.querySelectorAll(".busy").forEach((busy) => busy.remove());
  });
})();
