// The roles, the most able first.
import type { Member } from '../../api/schema';

export type Role = Member['role'];
export const ROLES: Role[] = ['owner', 'admin', 'editor', 'credential_manager', 'runner', 'viewer'];
