// All other texts of this language, in one file of the build.
import { collect } from './collect';

export const texts = collect(
  import.meta.glob(['./pt/*.json', '!./pt/{accounts,common,errors,executions,home,integrations}.json'], {
    eager: true,
    import: 'default',
  }),
);
