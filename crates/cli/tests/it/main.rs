//! The real program in a scratch folder: what a person types, what they see, what a script gets.

#[cfg(test)]
mod ai_impact;
#[cfg(test)]
mod archive;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod classic;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod mails;
#[cfg(test)]
mod prints;
#[cfg(test)]
mod register;
#[cfg(test)]
mod say_do;
#[cfg(test)]
mod scratch;
#[cfg(test)]
mod server;
#[cfg(test)]
mod verbs;
