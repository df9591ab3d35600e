"use strict";
// A phone with WhatsApp, drawn from the stand-in's own API (/_standin/). Every text is set as text, never as HTML.

const WORDS = {
  en: {
    person: "You are", number: "You write to", add: "New person", text: "Message", send: "Send", file: "File",
    place: "My place", answers: "The form's answers (JSON)", cancel: "Cancel", typing: "is typing…", name: "Name",
    form: "Fill in", open: "Opens", read: "read", sent: "sent", template: "template", unreachable: "The stand-in does not answer.",
  },
  es: {
    person: "Usted es", number: "Escribe a", add: "Otra persona", text: "Mensaje", send: "Enviar", file: "Archivo",
    place: "Mi ubicación", answers: "Respuestas del formulario (JSON)", cancel: "Cancelar", typing: "está escribiendo…",
    name: "Nombre", form: "Llenar", open: "Abre", read: "leído", sent: "enviado", template: "plantilla",
    unreachable: "El simulador no responde.",
  },
  pt: {
    person: "Você é", number: "Escreve para", add: "Outra pessoa", text: "Mensagem", send: "Enviar", file: "Arquivo",
    place: "Meu local", answers: "Respostas do formulário (JSON)", cancel: "Cancelar", typing: "está digitando…",
    name: "Nome", form: "Preencher", open: "Abre", read: "lida", sent: "enviada", template: "modelo",
    unreachable: "O simulador não responde.",
  },
};
const language = navigator.language.slice(0, 2);
const words = WORDS[language] ?? WORDS.en;
const $ = (id) => document.getElementById(id);
const state = { person: "", number: "", last: 0, round: 0 };

async function ask(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const answer = await fetch(`/_standin/${path}`, options);
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.message);
  return value;
}

function show(problem) {
  $("problem").textContent = problem ? problem.message : "";
}

function make(tag, text, kind) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function button(label, act, hint) {
  const made = make("button", label);
  made.type = "button";
  if (hint) made.append(make("small", hint));
  made.addEventListener("click", act);
  return made;
}

async function act(deed) {
  try {
    await ask("POST", `people/${state.person}/messages`, { number: state.number, ...deed });
    show(null);
  } catch (problem) {
    show(problem);
  }
}

function fileOf(message) {
  const media = message.content;
  if (!media || !media.id || !["image", "video", "audio", "document", "sticker"].includes(message.type)) return null;
  const address = `/_standin/files/${media.id}`;
  if (message.type === "image" || message.type === "sticker") {
    const picture = make("img");
    picture.src = address;
    picture.alt = media.caption || message.type;
    return picture;
  }
  if (message.type === "video" || message.type === "audio") {
    const player = make(message.type);
    player.src = address;
    player.controls = true;
    return player;
  }
  const link = make("a", media.filename || message.type);
  link.href = address;
  link.download = media.filename || "file";
  return link;
}

function fillIn(message) {
  const dialog = $("form");
  const token = message.content.action?.parameters?.flow_token;
  $("answers").value = JSON.stringify(token ? { flow_token: token } : {}, null, 2);
  dialog.onclose = () => {
    if (dialog.returnValue !== "send") return;
    try {
      act({ flow_reply: JSON.parse($("answers").value), of: message.id });
    } catch (problem) {
      show(problem);
    }
  };
  dialog.showModal();
}

function partsOf(message) {
  const content = message.content ?? {};
  const parts = [];
  const header = content.header?.text;
  if (header) parts.push(make("strong", header));
  const file = fileOf(message);
  if (file) parts.push(file);
  if (message.text) parts.push(make("p", message.text));
  if (content.footer?.text) parts.push(make("p", content.footer.text, "small"));
  if (message.type === "location") parts.push(make("p", `📍 ${content.name ?? ""} ${content.latitude}, ${content.longitude}`));
  if (message.type === "contacts") {
    const contacts = content.contacts ?? [];
    parts.push(make("p", contacts.map((one) => `👤 ${one.name?.formatted_name ?? ""}`).join("\n")));
  }
  if (message.type === "reaction") parts.push(make("p", content.emoji || "✕"));
  if (content.link) parts.push(make("p", content.link, "small"));
  return parts;
}

function choicesOf(message) {
  const box = make("div", undefined, "choices");
  for (const choice of message.choices) {
    box.append(button(choice.title, () => act({ tap: choice.id, of: message.id }), choice.description));
  }
  const given = message.content?.action?.parameters ?? {};
  if (message.content?.type === "cta_url") box.append(make("p", `${given.display_text}: ${given.url}`, "small"));
  if (message.content?.type === "flow") box.append(button(given.flow_cta ?? words.form, () => fillIn(message)));
  if (message.content?.type === "location_request_message") box.append(button(words.place, sendPlace));
  return box.childNodes.length ? box : null;
}

function draw(message) {
  const isMine = message.from === "person";
  const bubble = make("div", undefined, isMine ? "message mine" : "message");
  bubble.id = `m${message.sequence}`;
  const parts = partsOf(message);
  bubble.append(...(parts.length ? parts : [make("p", `[${message.type}]`)]));
  const choices = isMine ? null : choicesOf(message);
  if (choices) bubble.append(choices);
  const time = new Date(message.at * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  bubble.append(make("p", isMine && message.status === "read" ? `${time} · ${words.read}` : time, "small"));
  return bubble;
}

async function listen(round) {
  while (round === state.round) {
    try {
      const query = `after=${state.last}&number=${state.number}&wait=1&any=1`;
      const chat = await ask("GET", `people/${state.person}/chat?${query}`);
      if (round !== state.round) return;
      for (const message of chat.messages) $("chat").append(draw(message));
      if (chat.messages.length) {
        state.last = chat.last;
        $("chat").scrollTop = $("chat").scrollHeight;
        await ask("POST", `people/${state.person}/reads`, { number: state.number });
      }
      const name = $("number").selectedOptions[0]?.textContent ?? "";
      $("typing").textContent = chat.is_typing ? `${name} ${words.typing}` : "";
      if ($("problem").textContent === words.unreachable) show(null);
    } catch {
      show(new Error(words.unreachable));
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

function open() {
  state.person = $("person").value;
  state.number = $("number").value;
  state.last = 0;
  $("chat").replaceChildren();
  if (state.person && state.number) listen(++state.round);
}

async function fill(chosen) {
  const [{ people }, { numbers }] = [await ask("GET", "people"), await ask("GET", "")];
  $("person").replaceChildren(...people.map((one) => new Option(`${one.name} +${one.phone}`, one.id)));
  $("number").replaceChildren(...numbers.map((one) => new Option(one.verified_name, one.id)));
  if (chosen) $("person").value = chosen;
  open();
}

async function add() {
  const name = prompt(words.name);
  if (!name) return;
  try {
    await fill((await ask("POST", "people", { name })).id);
  } catch (problem) {
    show(problem);
  }
}

function sendPlace() {
  act({ location: { latitude: 4.711, longitude: -74.0721, name: "Bogotá" } });
}

function sendFile() {
  const [file] = $("file").files;
  if (!file) return;
  const reader = new FileReader();
  reader.onload = () => {
    const kind = file.type.split("/")[0];
    const type = ["image", "video", "audio"].includes(kind) ? kind : "document";
    const data = reader.result.slice(reader.result.indexOf(",") + 1);
    act({ media: { type, data, mime_type: file.type || "application/pdf", filename: file.name } });
  };
  reader.readAsDataURL(file);
  $("file").value = "";
}

for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
document.documentElement.lang = words === WORDS.en ? "en" : language;
$("person").addEventListener("change", open);
$("number").addEventListener("change", open);
$("add").addEventListener("click", add);
$("place").addEventListener("click", sendPlace);
$("file").addEventListener("change", sendFile);
$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value;
  if (text.trim()) act({ text });
  $("text").value = "";
});
fill().catch(() => show(new Error(words.unreachable)));
