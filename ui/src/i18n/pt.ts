// All texts of this language, in one file of the build.
import { collect } from './collect';

export const catalogue = collect(import.meta.glob('./pt/*.json', { eager: true, import: 'default' }));
