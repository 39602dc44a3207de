/** Style sheets say nothing in tests of what a page does. */
export default {};
