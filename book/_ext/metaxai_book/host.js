// Hosts the anywidgets of a page that has no kernel. It reads the widget states that myst-nb wrote
// into the page, and needs no RequireJS, no html-manager and no network.
(() => {
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';
  const NEEDS_KERNEL = "This control needs a running kernel: open the notebook in JupyterLab to use it.";
  const models = new Map();

  const decoded = (base64) =>
    new DataView(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);
  const idOf = (reference) => reference.replace("IPY_MODEL_", "");
  const isOurs = (id) => models.get(id)?.kind === "AnyModel";
  const holdsOurs = (id) =>
    isOurs(id) || (models.get(id)?.get("children") ?? []).some((child) => holdsOurs(idOf(child)));

  // The part of a model that the anywidget specification promises to a module.
  class Model {
    constructor({ model_name, state, buffers = [] }) {
      this.kind = model_name;
      this.state = { ...state };
      this.handlers = new Map();
      for (const { path, data } of buffers) {
        const owner = path.slice(0, -1).reduce((part, key) => part[key], this.state);
        owner[path.at(-1)] = decoded(data);
      }
    }
    get(key) {
      return this.state[key];
    }
    set(key, value) {
      const changes = typeof key === "object" ? key : { [key]: value };
      for (const [name, next] of Object.entries(changes)) {
        if (this.state[name] === next) continue;
        this.state[name] = next;
        this.emit(`change:${name}`, next);
        this.emit("change");
      }
    }
    on(name, handler) {
      if (!this.handlers.has(name)) this.handlers.set(name, new Set());
      this.handlers.get(name).add(handler);
    }
    off(name, handler) {
      if (!name) this.handlers.clear();
      else if (!handler) this.handlers.delete(name);
      else this.handlers.get(name)?.delete(handler);
    }
    emit(name, ...details) {
      for (const handler of [...(this.handlers.get(name) ?? [])]) handler({ target: this }, ...details);
    }
    save_changes() {}
    send() {}
  }

  async function definition(model) {
    const url = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
    try {
      const { default: exported } = await import(url);
      const found = typeof exported === "function" ? await exported() : exported;
      await found.initialize?.({ model });
      return found;
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  function style(model) {
    const text = model.get("_css");
    if (!text || [...document.querySelectorAll("style.widget")].some((s) => s.textContent === text)) return;
    const sheet = document.createElement("style");
    sheet.className = "widget";
    sheet.textContent = text;
    document.head.append(sheet);
  }

  async function mount(id, el) {
    const model = models.get(id);
    if (isOurs(id)) {
      style(model);
      el.dataset.model = id;
      model.definition ??= definition(model); // one module for all the views of a model
      await (await model.definition).render?.({ model, el });
    } else if (holdsOurs(id)) {
      el.className = `widget-box ${model.kind === "HBoxModel" ? "row" : "column"}`;
      for (const child of model.get("children")) await mount(idOf(child), place(el));
    } else {
      el.className = "needs-kernel";
      el.textContent = NEEDS_KERNEL;
    }
  }

  function place(parent) {
    return parent.appendChild(document.createElement("div"));
  }

  async function mountAfter(script) {
    const el = document.createElement("div");
    script.after(el);
    try {
      await mount(JSON.parse(script.textContent).model_id, el);
    } catch (error) {
      console.error(error);
      el.className = "needs-kernel";
      el.textContent = `This widget could not be shown: ${error.message}`;
    }
  }

  addEventListener("DOMContentLoaded", async () => {
    for (const script of document.querySelectorAll(STATE))
      for (const [id, entry] of Object.entries(JSON.parse(script.textContent).state))
        models.set(id, new Model(entry));
    await Promise.all([...document.querySelectorAll(VIEW)].map(mountAfter));
    document.documentElement.dataset.widgets = "ready"; // what the browser tests wait for
  });
})();
