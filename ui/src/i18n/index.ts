// The interface's languages: one JSON file a feature and language, loaded when the language is chosen, in two parts.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = { en: 'English', es: 'Español', pt: 'Português' } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT_AT = 'recado.language';
type Part = 'first' | 'rest';
type Texts = Record<string, Record<string, unknown>>;

const loaders: Record<Language, Record<Part, () => Promise<{ texts: Texts }>>> = {
  en: { first: () => import('./en.first'), rest: () => import('./en.rest') },
  es: { first: () => import('./es.first'), rest: () => import('./es.rest') },
  pt: { first: () => import('./pt.first'), rest: () => import('./pt.rest') },
};
const loaded = new Set<string>();
let shown: Language = 'en';
let wantsAll = false;

export const i18n = i18next.createInstance();

function preferred(): Language {
  const kept = window.localStorage.getItem(KEPT_AT);
  const wanted = [kept ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wanted.find((tag): tag is Language => tag in LANGUAGES) ?? 'en';
}

export async function startLanguage(): Promise<void> {
  await i18n.use(initReactI18next).init({
    resources: {},
    fallbackLng: false,
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  await showLanguage(preferred());
}

/** Show everything in a language and remember it in this browser. */
export async function chooseLanguage(language: Language): Promise<void> {
  window.localStorage.setItem(KEPT_AT, language);
  await showLanguage(language);
}

/** The language chosen in this browser, or null where the browser's own decides. */
export function chosenLanguage(): Language | null {
  const kept = window.localStorage.getItem(KEPT_AT);
  return kept !== null && kept in LANGUAGES ? (kept as Language) : null;
}

export async function showLanguage(language: Language): Promise<void> {
  shown = language;
  await Promise.all([loadPart(language, 'first'), wantsAll && loadPart(language, 'rest')]);
  await i18n.changeLanguage(language);
  document.documentElement.lang = language === 'pt' ? 'pt-BR' : language;
}

/** Load the texts of every feature, of this language and of each that is chosen from now on. */
export async function wantAllTexts(): Promise<void> {
  wantsAll = true;
  await loadPart(shown, 'rest');
}

async function loadPart(language: Language, part: Part): Promise<void> {
  if (loaded.has(`${language} ${part}`)) return;
  const { texts } = await loaders[language][part]();
  for (const [feature, its] of Object.entries(texts)) i18n.addResourceBundle(language, feature, its);
  loaded.add(`${language} ${part}`);
}
