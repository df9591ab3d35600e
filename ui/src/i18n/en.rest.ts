// All other texts of this language, in one file of the build.
import { collect } from './collect';

export const texts = collect(
  import.meta.glob(['./en/*.json', '!./en/{accounts,common,errors,executions,home,integrations}.json'], {
    eager: true,
    import: 'default',
  }),
);
