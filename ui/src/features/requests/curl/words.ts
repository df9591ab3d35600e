// Splits a command line into words as a POSIX shell or the Windows command prompt does, without running anything.
const OPEN = '\u{f0000}';
const CLOSE = '\u{f0001}';
/** A variable inside a word: `$NAME` becomes its name between two marks no text holds. */
export const VARIABLE = /\u{f0000}([A-Za-z_]\w*)\u{f0001}/gu;

export interface Words {
  words: string[];
  /** What stood behind a pipe, `;` or `&&`, and was left out. */
  rest: string;
  /** A quote that was never closed. */
  isOpen: boolean;
}

export function isWindows(text: string): boolean {
  return /\^"|\^[ \t]*\r?\n/.test(text);
}

/** Whether a word calls curl, wherever it is installed. */
export function isCurl(word: string): boolean {
  return /^(?:(?:[A-Za-z]:)?[^\s:]*[\\/])?curl(?:\.exe)?$/i.test(word);
}

export function splitCommand(text: string): Words {
  return isWindows(text) ? splitWindows(text) : new Shell(text).split();
}

const LETTERS: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

class Shell {
  private at = 0;
  private word: string | null = null;
  private readonly words: string[] = [];
  private isOpen = false;

  constructor(private readonly text: string) {}

  split(): Words {
    while (this.at < this.text.length) {
      if (this.endsHere()) break;
      this.step();
    }
    this.end();
    return { words: this.words, rest: this.text.slice(this.at).trim(), isOpen: this.isOpen };
  }

  private add(text: string): void {
    this.word = (this.word ?? '') + text;
  }

  private end(): void {
    if (this.word !== null) this.words.push(this.word);
    this.word = null;
  }

  private look(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern.source, `${pattern.flags}y`);
    sticky.lastIndex = this.at;
    return sticky.exec(this.text);
  }

  /** A pipe, or the line behind curl's last; `&` and `;` inside an address that nobody quoted are parts of it. */
  private endsHere(): boolean {
    if (this.look(/\||;(?=\s|$)|&&|&(?=\s|$)/)) return true;
    return this.words.some(isCurl) && this.look(/\r?\n\s*(?!\s|-|["']|https?:|$)/) !== null; // a lost backslash is forgiven
  }

  private step(): void {
    const { text } = this;
    const next = text[this.at]!;
    const redirect =
      this.word === null || /^\d$/.test(this.word) ? this.look(/(?:>>?|<)&?[ \t]*(?:\d(?=\s|$)|[^\s|;&]*)/) : null;
    if (redirect) {
      this.word = null;
      this.at += redirect[0].length;
      return;
    }
    this.at += 1;
    if (next === '\\') this.backslash();
    else if (next === "'") this.single();
    else if (next === '"') this.double();
    else if (next === '$' && text[this.at] === "'") this.ansi();
    else if (next === '$' && text[this.at] === '"') return;
    else if (next === '$') this.variable();
    else if (/\s/.test(next)) this.end();
    else if (next === '#' && this.word === null) this.at += this.look(/[^\n]*/)![0].length;
    else this.add(next);
  }

  private backslash(): void {
    const newline = this.look(/[ \t]*\r?\n/); // blanks behind it come from copying
    if (newline) this.at += newline[0].length;
    else if (this.at < this.text.length) {
      this.add(this.text[this.at]!);
      this.at += 1;
    }
  }

  private single(): void {
    const end = this.text.indexOf("'", this.at);
    this.isOpen ||= end < 0;
    this.add(this.text.slice(this.at, end < 0 ? undefined : end));
    this.at = end < 0 ? this.text.length : end + 1;
  }

  private double(): void {
    this.add('');
    while (this.at < this.text.length) {
      const next = this.text[this.at]!;
      this.at += 1;
      if (next === '"') return;
      if (next === '$') this.variable();
      else if (next === '\\') this.escapeInDouble();
      else this.add(next);
    }
    this.isOpen = true;
  }

  private escapeInDouble(): void {
    const next = this.look(/\r?\n|["\\$`!]/)?.[0];
    if (next === undefined) this.add('\\');
    else if (next === '!') this.add('\\!');
    else if (!next.endsWith('\n')) this.add(next);
    this.at += next?.length ?? 0;
  }

  private variable(): void {
    const found = this.look(/(\w+)|\{(\w+)\}/);
    const name = found?.[1] ?? found?.[2] ?? '';
    if (!/^[A-Za-z_]/.test(name)) {
      this.add('$');
      return;
    }
    this.add(OPEN + name + CLOSE);
    this.at += found![0].length;
  }

  /** `$'…'`, with the escapes of C. */
  private ansi(): void {
    this.at += 1;
    this.add('');
    while (this.at < this.text.length) {
      const next = this.text[this.at]!;
      this.at += 1;
      if (next === "'") return;
      if (next === '\\') this.ansiEscape();
      else this.add(next);
    }
    this.isOpen = true;
  }

  private ansiEscape(): void {
    const code = this.look(/x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})/);
    const octal = this.look(/[0-7]{1,3}/);
    const next = this.text[this.at] ?? '';
    if (code) this.add(character(Number.parseInt(code[1] ?? code[2] ?? code[3]!, 16)));
    else if (octal) this.add(character(Number.parseInt(octal[0], 8)));
    else this.add(LETTERS[next] ?? ('\\\'"?'.includes(next) ? next : `\\${next}`));
    this.at += (code ?? octal)?.[0].length ?? 1;
  }
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/** The command prompt's words: `^` escapes, and double quotes alone are quotes. */
function splitWindows(text: string): Words {
  const plain = text.includes('^"')
    ? text.replace(/\^(\r?\n|[^])/g, (_, next: string) => (next.endsWith('\n') ? '' : next))
    : text.replace(/\^[ \t]*\r?\n/g, ' ');
  const words: string[] = [];
  let word: string | null = null;
  let isQuoted = false;
  for (let at = 0; at < plain.length; at += 1) {
    const next = plain[at]!;
    const escaped = next === '\\' ? /^\\+"/.exec(plain.slice(at))?.[0] : undefined;
    if (escaped) {
      // backslashes before a quote stand for half as many, and an odd one makes the quote a letter
      const count = escaped.length - 1;
      word = (word ?? '') + '\\'.repeat(Math.floor(count / 2)) + (count % 2 ? '"' : '');
      at += count % 2 ? count : count - 1;
    } else if (next === '"' && isQuoted && plain[at + 1] === '"') {
      word = `${word ?? ''}"`;
      at += 1;
    } else if (next === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (/\s/.test(next) && !isQuoted) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + next;
    }
  }
  if (word !== null) words.push(word);
  return { words, rest: '', isOpen: isQuoted };
}
