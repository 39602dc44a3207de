export { RecentMap } from '@orgn/service-kit';
