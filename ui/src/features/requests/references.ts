// Which references each place of a request offers, and which it only knows.
import type { AuthField, Input } from '../../api/schema';
import type { ReferenceOption } from '../../components/TemplateField';
import type { Method } from './request';

export type Place = 'endpoint' | 'query' | 'header' | 'body';

export function referenceOptions(
  inputs: Input[],
  authFields: AuthField[],
  place: Place,
  method: Method,
  isKeyInUrlAllowed: boolean,
): ReferenceOption[] {
  const isUrl = place === 'endpoint' || place === 'query';
  return [
    ...inputs
      .filter((input) => input.key !== '')
      .map((input): ReferenceOption => ({
        text: `inputs.${input.key}`,
        label: input.name || input.key,
        type: input.type,
        group: 'inputs',
        isSecret: false,
      })),
    ...authFields
      .filter((field) => field.identifier !== '')
      .map((field): ReferenceOption => {
        const isSecret = field.type === 'password';
        return {
          text: `auth.${field.identifier}`,
          label: field.name || field.identifier,
          type: field.type,
          group: 'auth',
          isSecret,
          isDiscouraged: isSecret && isUrl,
          isHidden: method === 'TRACE' || (isSecret && isUrl && !isKeyInUrlAllowed),
        };
      }),
  ];
}
