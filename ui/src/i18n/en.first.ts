// Texts of this language that the sign-in, the frame around every page and the home page show, in one file of the build.
import { collect } from './collect';

export const texts = collect(
  import.meta.glob('./en/{accounts,common,errors,executions,home,integrations}.json', {
    eager: true,
    import: 'default',
  }),
);
