pub(crate) mod crash;
