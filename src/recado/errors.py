"""Every error of the product on one page: its code, HTTP status, outcome word, sentence, and whether trying again helps.

    RecadoError
    ├── Refused            what our caller asked cannot be done (4xx)
    │   ├── Invalid        a field is wrong (422); several at once travel in ValidationFailed
    │   │   ├── EndpointRefused · TemplateRefused · HeaderRefused · SecretRefused
    │   │   └── InputRefused    also ends an execution as `input_invalid`
    │   └── Conflict · Denied · NotFound …
    ├── CallFailed         the outbound call did not give an answer we can use; ends an execution
    │   ├── CallBlocked    outcome `blocked`
    │   ├── CallBroken     outcomes `network`, `timeout`, `bad_response`, `unknown`
    │   └── AnswerRefused  the answer came and does not do: `output_missing`, `redirect`, `http_4xx` …
    └── Unavailable        our own side cannot serve now (5xx)

Codes never change. Services raise; `web/problems.py` alone turns an error into HTTP. No fact given to an error may be a
secret or an address behind the egress policy. Trying again helps only where `is_retryable` says so.
"""

from __future__ import annotations

from string import Formatter
from typing import ClassVar


class RecadoError(Exception):
    """The root: a stable code, a sentence made from named facts, and the place (`path`) it speaks of.

    `path` is dotted with indexes, for example `request.headers[0].value`; empty where no field is meant.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    outcome: ClassVar[str | None] = None
    is_retryable: ClassVar[bool] = False
    message: ClassVar[str] = "Something went wrong on our side. The request id leads to the log line."

    def __init__(self, path: str = "", **facts: object) -> None:
        """Keep the place and the facts; the sentence is made when it is read."""
        super().__init__(path)
        self.path = path
        self.facts = facts

    def __str__(self) -> str:
        """The sentence for people, with its facts filled in."""
        return self.message.format_map(self.facts)

    @property
    def params(self) -> dict[str, str]:
        """The facts that the sentence names, for who says it in another language."""
        names = {name for _, name, _, _ in Formatter().parse(self.message) if name}
        return {name: str(self.facts[name]) for name in sorted(names & self.facts.keys())}

    def at(self, path: str) -> RecadoError:
        """The same error, placed below `path` (`request` + `endpoint` = `request.endpoint`)."""
        joiner = "" if not self.path or self.path.startswith("[") or not path else "."
        self.path = f"{path}{joiner}{self.path}"
        return self


# ── what our caller asked cannot be done ─────────────────────────────────────────────────────────────────────────────


class Refused(RecadoError):
    status = 400


class Invalid(Refused):
    """A field of the request is wrong."""

    status = 422
    code = "invalid_value"
    message = "{reason}"


class ValidationFailed(Refused):
    """One or more fields are wrong; `problems` holds each with its path."""

    status = 422
    code = "validation_failed"
    message = "Some fields need to be corrected."

    def __init__(self, problems: list[RecadoError]) -> None:
        super().__init__()
        self.problems = problems


class FieldRequired(Invalid):
    code = "required"
    message = "This field is required."


class UnknownField(Invalid):
    code = "unknown_field"
    message = '"{name}" is not a known field.'


class FieldTooLong(Invalid):
    code = "too_long"
    message = "This is longer than {limit} characters."


class IdentifierInvalid(Invalid):
    code = "identifier_invalid"
    message = (
        "Use 1 to 64 lowercase letters, digits and underscores; do not begin with a digit or underscore, nor end with"
        " an underscore."
    )


class DuplicateName(Invalid):
    code = "duplicate"
    message = '"{name}" is used twice.'


class TooMany(Invalid):
    code = "too_many"
    message = "At most {limit} of these are allowed."


class LogoUrlInvalid(Invalid):
    code = "logo_url_invalid"
    message = "The logo must be a whole URL that starts with https://."


class DocumentInvalid(Invalid):
    code = "document_invalid"
    message = "This is not a file that can be imported: {reason}."


class OutputKeyInvalid(Invalid):
    code = "output_key_invalid"
    message = (
        "This is not a path to one value, at position {position}. Examples: id, data.user.id, items[0].name, ['a.b']."
    )


class CertificateInvalid(Invalid):
    code = "certificate_invalid"
    message = "This is not a list of certificates in PEM form."


class EndpointRefused(Invalid):
    """An endpoint that may not be called; at run time it ends the execution as `blocked`."""

    outcome = "blocked"


class EndpointScheme(EndpointRefused):
    code = "endpoint_scheme"
    message = "The endpoint must start with https:// or http://."


class EndpointInsecure(EndpointRefused):
    code = "endpoint_insecure"
    message = "This request sends a password field, so the endpoint must use https://."


class EndpointUserinfo(EndpointRefused):
    code = "endpoint_userinfo"
    message = "Do not put a user name or password in the endpoint; use an authentication field."


class EndpointBadCharacter(EndpointRefused):
    code = "endpoint_bad_character"
    message = "The endpoint contains a character that is not allowed (space, backslash or control character)."


class EndpointHostInvalid(EndpointRefused):
    code = "endpoint_host_invalid"
    message = '"{host}" is not a valid host name.'


class EndpointHostNotCanonical(EndpointRefused):
    code = "endpoint_host_not_canonical"
    message = "Write IP addresses as four decimal numbers, for example 203.0.113.10."


class EndpointHostReserved(EndpointRefused):
    code = "endpoint_host_reserved"
    message = '"{host}" is a local or reserved name and cannot be called.'


class EndpointPort(EndpointRefused):
    code = "endpoint_port"
    message = "Port {port} is not allowed."


class EndpointTooLong(EndpointRefused):
    code = "endpoint_too_long"
    message = "The endpoint is longer than 8192 bytes."


class EndpointAddressBlocked(EndpointRefused):
    code = "endpoint_address_blocked"
    message = "The endpoint's address is in a range this server does not call ({kind})."


class EndpointUnreachable(EndpointRefused):
    """Stands for blocked, unresolved and refused alike when the operator hides reasons (`egress_hide_reason`)."""

    code = "endpoint_unreachable"
    message = "The endpoint cannot be reached from this server."


class TemplateRefused(Invalid):
    pass


class TemplateSyntax(TemplateRefused):
    code = "template_syntax"
    message = "Only {{{{inputs.key}}}} and {{{{auth.identifier}}}} are understood, at position {position}.{hint}"

    def __init__(self, path: str = "", *, position: int, hint: str = "") -> None:
        super().__init__(path, position=position, hint=hint)


class ReferenceUnknown(TemplateRefused):
    code = "reference_unknown"
    message = 'There is no {kind} named "{name}".{hint}'


class TooManyReferences(TemplateRefused):
    code = "too_many_references"
    message = "One field may hold at most {limit} references."


class FlowReferenceSyntax(TemplateRefused):
    code = "flow_reference_syntax"
    message = (
        "Only answers, outputs, calls, variables and contact are understood in double braces, such as"
        " {{{{answers.name}}}} or {{{{outputs.order.status}}}}; see position {position}."
    )


class SecretNotNameable(TemplateRefused):
    code = "secret_not_nameable"
    message = "A flow cannot name the secrets of a credential; see position {position}. They are used by actions alone."


class PatternInvalid(Invalid):
    code = "pattern_invalid"
    message = "This pattern cannot be used: {reason}"


class FormJsonInvalid(Invalid):
    code = "form_json_invalid"
    message = "This is not the JSON of a form: {reason}."


class FormReferenceSyntax(TemplateRefused):
    code = "form_reference_syntax"
    message = (
        "Only data, token, variables, contact, outputs and item are understood in double braces, such as"
        " {{{{data.email}}}} or {{{{outputs.status}}}}; see position {position}."
    )


class FormScreenUnknown(Invalid):
    code = "form_screen_unknown"
    message = 'The form has no screen "{screen}".'


class FormRouteMissing(Invalid):
    code = "form_route_missing"
    message = 'The routing model of the form does not lead from "{screen}" to "{next}".'


class FormDataUnknown(Invalid):
    code = "form_data_unknown"
    message = 'Screen "{screen}" has no data "{key}".'


class FormDataUnfilled(Invalid):
    code = "form_data_unfilled"
    message = 'Nothing fills "{key}", which screen "{screen}" shows.'


class FormDataType(Invalid):
    code = "form_data_type"
    message = '"{key}" of screen "{screen}" has to be {type}.'


class FormActionUnfit(Invalid):
    code = "form_action_unfit"
    message = "This action cannot be run: {reason}."


class FormOutputUnknown(Invalid):
    code = "form_output_unknown"
    message = 'The action has no output "{key}".'


class FormScreenUnanswered(Invalid):
    code = "form_screen_unanswered"
    message = 'Screen "{screen}" asks for data ({action}) and nothing answers it.'


class ReferenceNotAllowedInHost(TemplateRefused):
    code = "reference_not_allowed_in_host"
    message = "Inputs may not be used in the host or port of the endpoint."


class ReferenceNotWholeLabel(TemplateRefused):
    code = "reference_not_whole_label"
    message = "In the host, an authentication field must be a whole name between two dots; as the port, it must be the whole port."


class ReferenceNotAllowed(TemplateRefused):
    code = "reference_not_allowed"
    message = "References may not be used here; they stand in values."


class BodyInvalid(Invalid):
    code = "body_invalid"
    message = "{reason}"


class MethodForbidsBody(Invalid):
    code = "method_forbids_body"
    message = "{method} requests have no body."


class MethodDisabled(Invalid):
    code = "method_disabled"
    outcome = "blocked"
    message = "The operator of this server has switched {method} requests off."


class HeaderRefused(Invalid):
    pass


class HeaderNameInvalid(HeaderRefused):
    code = "header_name_invalid"
    message = '"{name}" is not a valid header name.'


class HeaderReserved(HeaderRefused):
    code = "header_reserved"
    message = '"{name}" is set by the server.'


class HeaderDuplicate(HeaderRefused):
    code = "header_duplicate"
    message = '"{name}" is listed twice.'


class HeaderValueInvalid(HeaderRefused):
    code = "header_value_invalid"
    message = "A header value may hold visible ASCII characters, spaces and tabs only, and at most 8 KiB."


class SecretRefused(Invalid):
    pass


class SecretNotAllowedInUrl(SecretRefused):
    code = "secret_not_allowed_in_url"
    message = "Password fields may not be used in the URL. Put them in a header or the body."


class MethodForbidsSecret(SecretRefused):
    code = "method_forbids_secret"
    message = "TRACE returns what was sent, so it may not carry authentication fields."


class SecretMustBeSealed(SecretRefused):
    code = "secret_must_be_sealed"
    message = "This server only accepts sealed secrets."


class SecretRequiredForHosts(SecretRefused):
    code = "secret_required_for_hosts"
    message = "To change the allowed hosts, enter the secret again."


class HostsRequired(SecretRefused):
    code = "hosts_required"
    message = "Name the hosts this credential may be sent to, or configure the test request first."


class HostEntryInvalid(SecretRefused):
    code = "host_entry_invalid"
    message = '"{entry}" is not a host this credential can be bound to. Examples: api.acme.com, *.acme.com, api.acme.com:8443.'


class SealedValueInvalid(SecretRefused):
    code = "sealed_value_invalid"
    message = "This sealed value cannot be used: it was sealed with another key or for another place. Fetch /secret-key and seal it again."


class CredentialIncomplete(SecretRefused):
    code = "credential_incomplete"
    outcome = "input_invalid"
    message = '"{identifier}" is required and has no value in "{name}".'


class PasswordTooWeak(Invalid):
    code = "password_too_weak"
    message = "Choose a longer or less common password: at least 12 characters that are not easy to guess.{hint}"


class PasswordTooLong(Invalid):
    code = "password_too_long"
    message = "A password may be at most {limit} bytes long."


class PasswordWrong(Invalid):
    code = "password_wrong"
    message = "This is not your present password."


class InputRefused(Invalid):
    outcome = "input_invalid"


class InputMissing(InputRefused):
    code = "input_missing"
    message = 'Input "{key}" is required.'


class InputType(InputRefused):
    code = "input_type"
    message = 'Input "{key}" must be {type}.'


class InputTooLong(InputRefused):
    code = "input_too_long"
    message = 'Input "{key}" is longer than {limit}.'


class InputNotAllowedInPath(InputRefused):
    code = "input_not_allowed_in_path"
    message = 'Input "{key}" has characters that are not allowed in a path ("/", "\\", "..", control), or is empty.'


class InputNotAllowedInQuery(InputRefused):
    code = "input_not_allowed_in_query"
    message = 'Input "{key}" has characters that cannot be written in a URL.'


class InputNotAllowedInHeader(InputRefused):
    code = "input_not_allowed_in_header"
    message = 'Input "{key}" has characters that are not allowed in a header.'


class InputNotAllowedInBody(InputRefused):
    code = "input_not_allowed_in_body"
    message = 'Input "{key}" has characters that cannot be written in this kind of body.'


class AuthValueNotAllowed(InputRefused):
    code = "auth_value_not_allowed"
    message = 'The value of "{identifier}" has characters that are not allowed where the request uses it.'


class InputFileUnknown(InputRefused):
    code = "input_file_unknown"
    message = 'Input "{key}" is sent as a file, and its value names none. Bind it to an answer that is a file.'


class InputFileWaiting(InputRefused):
    is_retryable = True
    code = "input_file_waiting"
    message = 'The file of input "{key}" has not been fetched from WhatsApp yet.'


class InputFileNotKept(InputRefused):
    code = "input_file_not_kept"
    message = 'The file of input "{key}" is not there: {reason}'


class RequestTooLarge(InputRefused):
    code = "request_too_large"
    message = "The request is larger than {limit}."


class BadRequest(Refused):
    code = "bad_request"
    message = "{reason}"


class ClientGone(Refused):
    code = "client_gone"
    message = "The caller hung up before the request was complete."


class BodyNotJson(Refused):
    code = "body_not_json"
    message = "The body is not valid JSON: {reason}"


class LoginRequired(Refused):
    status = 401
    code = "login_required"
    message = "Sign in, or send a key as 'Authorization: Bearer …'."


class LoginFailed(Refused):
    status = 401
    code = "login_failed"
    message = "Wrong e-mail or password."


class Forbidden(Refused):
    status = 403
    code = "forbidden"
    message = "Your role ({role}) may not do this; it needs the permission {permission}."


class ExecutorTokenWrong(Refused):
    status = 403
    code = "executor_token_wrong"
    message = "This is an executor: only an api process with the same RECADO_EXECUTOR_TOKEN may speak to it. Call the api process."


class CsrfRefused(Refused):
    status = 403
    code = "csrf_refused"
    message = "This request came from another site and was refused."


class SetupClosed(Refused):
    status = 403
    code = "setup_closed"
    message = "This set-up link is used or older than an hour. Restart the server for a new one, or run: recado user create --role owner."


class NotFound(Refused):
    status = 404
    code = "not_found"
    message = "There is nothing here."


class LogoUnavailable(NotFound):
    code = "logo_unavailable"
    message = "There is no logo to show: none is set, it cannot be fetched, or it is not an image of at most 512 KiB."


class NameUnknown(NotFound):
    code = "name_unknown"
    message = 'There is no {kind} called "{name}".{hint}'


class MethodNotAllowed(Refused):
    status = 405
    code = "method_not_allowed"
    message = "This address does not answer {method}."


class Conflict(Refused):
    status = 409
    code = "conflict"
    message = "{reason}"


class InUse(Conflict):
    """`facts['used_by']` lists what uses the thing: [{kind, id, name}]."""

    code = "in_use"
    message = "This is still in use. Remove what uses it first, or delete with force=true."


class NameTaken(Conflict):
    code = "name_taken"
    message = '"{name}" is already taken.'


class NameAmbiguous(Conflict):
    code = "name_ambiguous"
    message = 'More than one {kind} is called "{name}". Use the id: {ids}.'


class AuthFieldTypeLocked(Conflict):
    code = "auth_field_type_locked"
    message = 'Credentials hold values for "{identifier}". Remove them before changing its type.'


class IdempotencyConflict(Conflict):
    code = "idempotency_conflict"
    message = "This idempotency key was used with other inputs within the last 24 hours."


class NotRepeatable(Conflict):
    code = "not_repeatable"
    message = "This execution cannot be run again: {reason}."


class LastOwner(Conflict):
    code = "last_owner"
    message = "A workspace needs at least one owner."


class TestRequestMissing(Conflict):
    code = "test_request_missing"
    message = "This integration has no test request yet. Configure it, then test the credential."


class TestRequestOutdated(TestRequestMissing):
    code = "test_request_outdated"
    message = "The test request no longer fits the authentication fields ({place}: {reason}). Edit it, then test the credential."


class ActionIncomplete(Conflict):
    code = "action_incomplete"
    message = "This action has no request yet. Configure it, then run it."


class ActionOutdated(ActionIncomplete):
    code = "action_outdated"
    message = "This action no longer fits its integration ({place}: {reason}). Edit its request, then run it."


class DraftChanged(Conflict):
    code = "draft_changed"
    message = "The draft was changed meanwhile: it is at revision {revision} now. Load it again, or save over it."


class FlowHasProblems(Conflict):
    """`facts['problems']` lists them as the validation of the flow does."""

    code = "flow_has_problems"
    message = "This flow cannot be published yet: {count} of its problems have to be solved first."


class ConversationEnded(Conflict):
    code = "conversation_ended"
    message = "This conversation has ended ({status})."


class NotWithAgent(Conflict):
    code = "not_with_agent"
    message = "No person has this conversation in hand ({status})."


class ConversationOpen(Conflict):
    code = "conversation_open"
    message = "A conversation with this person is open: {conversation_id}. End it first, or wait until it ends."


class ContactOptedOut(Conflict):
    code = "opted_out"
    message = "This person asked to hear no more. Only they can change that, by writing."


class WindowClosed(Conflict):
    code = "window_closed"
    message = (
        "The person has not written within 24 hours, so WhatsApp takes nothing but templates. Begin with a template."
    )


class TemplateUnknown(Invalid):
    code = "template_unknown"
    message = 'Meta has no approved template "{name}" in {language} for this channel. See the channel\'s templates.'


class TemplateValueMissing(Invalid):
    code = "template_value_missing"
    message = "The template needs a value here: {what}."


class TemplateValueUnwanted(Invalid):
    code = "template_value_unwanted"
    message = "The template takes no value here: {what}. Leave it out."


class ExampleExists(Conflict):
    code = "example_exists"
    message = "This workspace has the example already: {name}."


class ExampleUnavailable(Conflict):
    code = "example_unavailable"
    message = (
        "This server does not run the example: it listens beyond this machine, is split into two processes (RECADO_ROLE),"
        " RECADO_EXAMPLE_PORT is 0, or that port is taken."
    )


class ChannelCallFailed(Conflict):
    code = "channel_call_failed"
    message = "WhatsApp did not do this: {reason}."


class FormKeyMissing(Conflict):
    code = "form_key_missing"
    message = "This channel has no key for forms yet. Make one first."


class BodyTooLarge(Refused):
    status = 413
    code = "body_too_large"
    message = "The body is larger than {limit}."


class UnsupportedMediaType(Refused):
    status = 415
    code = "unsupported_media_type"
    message = "Send the body as application/json."


class MediaLinkWrong(Refused):
    status = 403
    code = "media_link_wrong"
    message = "This link to a file is not one that this server made."


class MediaLinkExpired(Refused):
    status = 403
    code = "media_link_expired"
    message = "This link to a file has expired. Links are made anew each time a flow uses the file."


class MediaWaiting(Refused):
    status = 409
    is_retryable = True
    code = "media_waiting"
    message = "This file is still being fetched from WhatsApp. Try again in a few seconds."


class MediaNotKept(Refused):
    """Why the content of a file that somebody sent is not there; what they sent stays in the conversation."""

    status = 410
    code = "media_not_kept"
    message = "This file is not there."


class MediaTooLarge(MediaNotKept):
    status = 413
    code = "media_too_large"
    message = "The file is larger than this server keeps (RECADO_MEDIA_MAX_BYTES)."


class MediaTypeNotAllowed(MediaNotKept):
    status = 415
    code = "media_type_not_allowed"
    message = "This server keeps no files of this type (RECADO_MEDIA_TYPES)."


class MediaDamaged(MediaNotKept):
    code = "media_damaged"
    message = "What WhatsApp handed over is not the file that was sent: its checksum or its size differs."


class MediaExpired(MediaNotKept):
    code = "media_expired"
    message = "WhatsApp no longer has the file."


class MediaUnreachable(MediaNotKept):
    code = "media_unreachable"
    message = "WhatsApp did not hand the file over, however often it was asked. Test the channel's access token."


class MediaDeleted(MediaNotKept):
    code = "media_deleted"
    message = "The file was deleted: files are kept for a limited time (RECADO_MEDIA_RETENTION_DAYS)."


class TooManyAttempts(Refused):
    status = 429
    is_retryable = True
    code = "too_many_attempts"
    message = "Too many attempts. Try again in {seconds} s."


class TooManyRequests(Refused):
    status = 429
    is_retryable = True
    code = "too_many_requests"
    message = "The server is at its limit. Try again in {seconds} s."


class LoopDetected(Refused):
    status = 508
    code = "loop_detected"
    outcome = "blocked"
    message = "This call came from this server {count} times."


# The statuses of these four are Meta's: by them the client of a form knows what to do next.


class FormRequestInvalid(Refused):
    code = "form_request_invalid"
    message = "The request of the form cannot be read: {reason}."


class FormCannotDecrypt(Refused):
    status = 421
    code = "form_cannot_decrypt"
    message = "The request of the form cannot be decrypted with the key of this number."


class FormEnded(Refused):
    status = 427
    code = "form_ended"
    message = "This form cannot be used any more."


class FormSignatureInvalid(Refused):
    status = 432
    code = "form_signature_invalid"
    message = "The signature of the request does not fit the app secret."


class SignatureWrong(Refused):
    status = 401
    code = "signature_wrong"
    message = (
        "The signature of this delivery does not fit. Enter the app secret of the Meta app that calls this address in the"
        " channel; while it is being changed, also the one before."
    )


class VerifyTokenWrong(Refused):
    status = 403
    code = "verify_token_wrong"
    message = "This is not the verify token of the channel. Enter the same one at Meta and in the channel."


# ── the outbound call did not give an answer we can use ──────────────────────────────────────────────────────────────


class CallFailed(RecadoError):
    """Ends an execution with `outcome`; seen over HTTP only as the `error` of an Execution, which answers 200."""

    status = 200
    outcome = "network"


class CallBlocked(CallFailed):
    outcome = "blocked"


class CredentialHostNotAllowed(CallBlocked):
    code = "credential_host_not_allowed"
    message = (
        'The credential "{name}" may not be used with {host}. Allowed: {hosts}. Someone who may edit credentials must'
        " enter it again for the new host."
    )


class SecretUnreadable(CallBlocked):
    code = "secret_unreadable"
    message = 'A stored secret of "{name}" cannot be read (wrong place or damaged). Enter it again.'


class SecretKeyUnavailable(CallBlocked):
    """Also answered over HTTP, where a secret is entered and the key to keep it with is missing."""

    status = 503
    is_retryable = True
    code = "secret_key_unavailable"
    message = "The key for stored secrets is not available on this server."


class RedirectHostNotAllowed(CallBlocked):
    code = "redirect_host_not_allowed"
    message = "The redirect goes to a host this credential may not be used with."


class RedirectDowngrade(CallBlocked):
    code = "redirect_downgrade"
    message = "The redirect goes from https to http."


class CallBroken(CallFailed):
    pass


class EndpointDnsFailed(CallBroken):
    is_retryable = True
    code = "endpoint_dns_failed"
    message = "The host name could not be resolved."


class EndpointDnsTimeout(CallBroken):
    is_retryable = True
    code = "endpoint_dns_timeout"
    message = "The host name was not resolved within 3 s."


class EndpointConnectFailed(CallBroken):
    is_retryable = True
    code = "endpoint_connect_failed"
    message = "The server refused or closed the connection."


class EndpointConnectTimeout(CallBroken):
    is_retryable = True
    code = "endpoint_connect_timeout"
    outcome = "timeout"
    message = "No connection within {seconds} s."


class EndpointTlsFailed(CallBroken):
    code = "endpoint_tls_failed"
    message = "No secure connection could be made: {reason}."


class ProxyFailed(CallBroken):
    is_retryable = True
    code = "proxy_failed"
    message = "The outbound proxy of this server did not open a connection ({reason})."


class ConnectionLost(CallBroken):
    is_retryable = True
    code = "connection_lost"
    message = "The connection broke before an answer arrived."


class UploadCutOff(CallBroken):
    code = "upload_cut_off"
    message = "A file of the request was deleted while it was being sent."


class TimeoutTotal(CallBroken):
    is_retryable = True
    code = "timeout_total"
    outcome = "timeout"
    message = "Not finished within {seconds} s."


class UpstreamBadResponse(CallBroken):
    code = "upstream_bad_response"
    outcome = "bad_response"
    message = "The server answered with something that is not valid HTTP ({reason})."


class ResponseCutOff(CallBroken):
    code = "response_cut_off"
    outcome = "bad_response"
    message = "The response ended before it was complete."


class ResponseTooLarge(CallBroken):
    code = "response_too_large"
    outcome = "bad_response"
    message = "The response is larger than {limit}."


class ResponseEncoding(CallBroken):
    code = "response_encoding"
    outcome = "bad_response"
    message = "The response's compression cannot be read."


class RedirectLimit(CallBroken):
    code = "redirect_limit"
    outcome = "redirect"
    message = "More than {limit} redirects."


class UnknownOutcome(CallBroken):
    code = "unknown_outcome"
    outcome = "unknown"
    message = (
        "The request was sent but the result is unknown (the server stopped or the connection broke). It was not"
        " repeated because {method} may not be safe to repeat."
    )


class AnswerRefused(CallFailed):
    pass


class RedirectNotFollowed(AnswerRefused):
    code = "redirect_not_followed"
    outcome = "redirect"
    message = "The response is a redirect ({status}) to {target} and redirects are off."


class AuthRefused(AnswerRefused):
    code = "auth_refused"
    outcome = "auth_failed"
    message = "The API did not accept the credential (status {status})."


class RateLimited(AnswerRefused):
    is_retryable = True
    code = "rate_limited"
    outcome = "rate_limited"
    message = "The API asks to slow down (status 429).{hint}"


class ClientErrorStatus(AnswerRefused):
    code = "http_client_error"
    outcome = "http_4xx"
    message = "The API refused the request (status {status})."


class ServerErrorStatus(AnswerRefused):
    is_retryable = True
    code = "http_server_error"
    outcome = "http_5xx"
    message = "The API failed (status {status})."


class UnexpectedStatus(AnswerRefused):
    code = "unexpected_status"
    outcome = "bad_response"
    message = "The API answered with status {status}, which means nothing here."


class ResponseJsonLimit(AnswerRefused):
    code = "response_json_limit"
    outcome = "bad_response"
    message = "The response is nested too deep or has too many values."


class ResponseNotJson(AnswerRefused):
    code = "response_not_json"
    outcome = "bad_response"
    message = "The response is not valid JSON."


class OutputMissing(AnswerRefused):
    code = "output_missing"
    outcome = "output_missing"
    message = 'Required output "{key}" is not in the response.'


class OutputNull(AnswerRefused):
    code = "output_null"
    outcome = "output_missing"
    message = 'Required output "{key}" is null in the response.'


class OutputType(AnswerRefused):
    code = "output_type"
    outcome = "output_missing"
    message = 'Required output "{key}" is in the response but is not {type}.'


class OutputContainsSecret(AnswerRefused):
    code = "output_contains_secret"
    outcome = "bad_response"
    message = 'Output "{key}" contains a secret value and was not passed on.'


# ── our own side cannot serve now ────────────────────────────────────────────────────────────────────────────────────


class Unavailable(RecadoError):
    status = 503
    is_retryable = True
    code = "unavailable"
    message = "The server cannot serve this now. Try again shortly."


class ExecutorBusy(Unavailable):
    code = "executor_busy"
    message = "The server is at its limit. Try again in {seconds} s."


class ConversationsBusy(Unavailable):
    code = "conversations_busy"
    message = "As many conversations are under way as this server takes at once. Try again in {seconds} s."


class ExecutorUnavailable(Unavailable):
    code = "executor_unavailable"
    message = (
        "Nothing was done: the executor, which opens secrets and sends requests, cannot be reached. Try again shortly; if it"
        " stays so, an administrator starts it with: recado serve --role executor."
    )


class ExecutorLost(RecadoError):
    """The request went to the executor and no answer came back; whoever asked has to look before asking again."""

    status = 502
    code = "executor_lost"
    message = (
        "The executor broke off before it answered: what was asked may have been done, and was not repeated. Look at the"
        " list of executions, or send the same again with the same idempotency_key."
    )


class ShuttingDown(Unavailable):
    code = "shutting_down"
    message = "The server is stopping. Try again in a few seconds."


class StorageUnavailable(Unavailable):
    code = "storage_unavailable"
    message = "The database cannot be reached."


class StorageFull(Unavailable):
    status = 507
    code = "storage_full"
    message = "The server cannot store data now (disk full)."


class RecordCorrupt(RecadoError):
    code = "record_corrupt"
    message = "This record is damaged and was set aside; others are not affected."


class SettingInvalid(RecadoError):
    code = "setting_invalid"
    message = "{name}: {reason}"


class KekUnavailable(Unavailable):
    code = "kek_unavailable"
    message = "The key that protects stored secrets is not available: {reason}."


class KekMismatch(KekUnavailable):
    """Another key, another place, or damage; trying again does not help."""

    is_retryable = False
    code = "kek_mismatch"
    message = "A sealing key cannot be unwrapped with the key at hand ({key_id}): {reason}. Restore the key it was wrapped with."


class KekUnsafe(KekUnavailable):
    """Others could have read the key; the server does not start until that is put right."""

    is_retryable = False
    code = "kek_unsafe"
    message = "The key that protects stored secrets is not safe: {reason}."


class DataFolderLocked(RecadoError):
    code = "data_folder_locked"
    message = "Another Recado server is using {folder}. Stop it first, or set RECADO_DATA_DIR to another folder."


class DemoFailed(RecadoError):
    code = "demo_failed"
    message = "The demonstration did not go as it should: {reason}"


class PortInUse(RecadoError):
    code = "port_in_use"
    message = "Port {port} of {host} is in use already, perhaps by another Recado. Stop it, or choose another port with --port."


class DatabaseTooOld(RecadoError):
    code = "database_too_old"
    message = (
        "The database has schema {found}, and this release needs {known}. An api process changes no schema: start an executor"
        " first, or run: recado migrate."
    )


class DatabaseTooNew(RecadoError):
    code = "database_too_new"
    message = "The database was made by a newer Recado (schema {found}, this one knows {known}). Upgrade Recado."


def every_error() -> list[type[RecadoError]]:
    """All error classes that carry a code of their own, in the order of this page."""
    found: list[type[RecadoError]] = []

    def walk(kind: type[RecadoError]) -> None:
        if "code" in vars(kind):
            found.append(kind)
        for child in kind.__subclasses__():
            walk(child)

    walk(RecadoError)
    return found
