// What both widgets share: small makers of elements, and a panel that shows one of its pictures.
// Python puts this text in front of each widget's own module.

function make(tag, className, text = "") {
  const el = document.createElement(tag);
  if (className) el.className = className;
  el.textContent = text; // never innerHTML: captions and questions are text
  return el;
}

// A widget's outermost element. JupyterLab would take arrow keys away from sliders and radios.
function frame(el, name) {
  const root = el.appendChild(make("figure", `metaxai ${name}`));
  root.dataset.widget = name;
  root.addEventListener("keydown", (event) => event.stopPropagation());
  return root;
}

const bitmap = (png) =>
  createImageBitmap(new Blob([png], { type: "image/png" }), { colorSpaceConversion: "none" });

// Pictures arrive as PNG files. All are decoded before the first is shown, so choosing is instant.
async function panel(row, { title, frames }) {
  const el = row.appendChild(make("div", "panel"));
  const bitmaps = await Promise.all(frames.map(bitmap));
  if (title) el.append(make("div", "title", title));
  const canvas = el.appendChild(make("canvas", bitmaps[0].width <= 128 ? "pixels" : "drawing"));
  canvas.width = bitmaps[0].width;
  canvas.height = bitmaps[0].height;
  canvas.style.setProperty("--width", `${canvas.width}px`);
  canvas.setAttribute("role", "img");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return {
    el,
    show(index, alt) {
      context.drawImage(bitmaps[Math.min(index, bitmaps.length - 1)], 0, 0);
      canvas.setAttribute("aria-label", alt);
    },
    pixels: () => context.getImageData(0, 0, canvas.width, canvas.height).data,
  };
}

// Adler-32 of the red, green and blue bytes that are on the screen: Python's zlib.adler32 agrees.
function checksum(panels) {
  let [low, high] = [1, 0];
  for (const shown of panels)
    shown.pixels().forEach((byte, place) => {
      if (place % 4 === 3) return; // opacity
      low = (low + byte) % 65521;
      high = (high + low) % 65521;
    });
  return ((high << 16) | low) >>> 0;
}
