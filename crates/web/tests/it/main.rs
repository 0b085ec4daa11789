//! The server, asked without a network: every address as everybody, every form with everything.

#[cfg(test)]
mod access;
#[cfg(test)]
mod api_stories;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod csrf;
mod done;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod files;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod life;
#[cfg(test)]
mod mails;
#[cfg(test)]
mod naughty;
#[cfg(test)]
mod open;
#[cfg(test)]
mod sessions;
