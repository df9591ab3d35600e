// What a cURL command said that did not become a part of the request, or became another.
export type NoteCode =
  | 'unknown_option' // curl itself may not know it
  | 'lost_option' // known, without a counterpart here
  | 'file' // a file that was to be sent or read
  | 'variable' // a shell variable nobody knows here
  | 'insecure' // certificates are always checked
  | 'own_headers' // headers that are set by the server
  | 'browser_headers' // headers that only browsers send
  | 'timeout' // cut to what is allowed
  | 'scheme' // the address had none
  | 'method' // one that is not among the nine
  | 'json_guess' // data that reads as JSON though nothing said so
  | 'more_urls'
  | 'rest'
  | 'open_quote'
  | 'form_type'; // a type given to one part of a form

export interface Note {
  code: NoteCode;
  /** Options, names or other words of the command, to be named in the sentence. */
  words: string[];
}

export class Notes {
  private readonly byCode = new Map<NoteCode, Set<string>>();

  add(code: NoteCode, ...words: string[]): void {
    const known = this.byCode.get(code) ?? new Set<string>();
    for (const word of words) known.add(word);
    this.byCode.set(code, known);
  }

  get list(): Note[] {
    return [...this.byCode].map(([code, words]) => ({ code, words: [...words] }));
  }
}
