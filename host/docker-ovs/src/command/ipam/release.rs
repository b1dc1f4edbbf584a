//! `docker-ovs ipam release`: what Docker has forgotten is given back. What Docker still has is for Docker to give back, so
//! it is asked first; the driver does not ask it that.

use admin::report::Released;
use admin::{Client, Releasing};

use crate::cli::Release;
use crate::exit::{Failure, REFUSED, UNAVAILABLE};
use crate::names::{Names, PoolUser};

/// `driver` is what Docker calls the driver.
pub(super) async fn run(
    arguments: &Release,
    client: &Client,
    names: &Names,
    driver: &str,
) -> Result<Released, Failure> {
    match names.pool_users(driver).await {
        Ok(users) => is_forgotten(arguments, &users)?,
        Err(_) if arguments.force => {}
        Err(error) => return Err(cannot_ask(arguments, &error)),
    }
    let releasing = Releasing {
        vrf: arguments.vrf.clone(),
        subnet: arguments.subnet.to_string(),
        addresses: arguments.addresses.iter().map(ToString::to_string).collect(),
    };
    Ok(client.release(releasing).await?)
}

/// An error if Docker has it.
fn is_forgotten(wanted: &Release, users: &[PoolUser]) -> Result<(), Failure> {
    let mut on_it = users.iter().filter(|user| user.is_on(&wanted.vrf, wanted.subnet));
    let refusal = if wanted.addresses.is_empty() {
        on_it.next().map(|PoolUser { name, .. }| {
            format!("Docker still has network {name} on {}: docker network rm {name} gives it back", wanted.subnet)
        })
    } else {
        on_it.find_map(|PoolUser { name, addresses, .. }| {
            let (address, container) = wanted.addresses.iter().find_map(|it| Some((it, addresses.get(it)?)))?;
            Some(format!(
                "{container} in Docker's network {name} has {address}: docker network disconnect {name} {container} \
                 gives it back"
            ))
        })
    };
    refusal.map_or(Ok(()), |refusal| Err(Failure::say(REFUSED, refusal)))
}

fn cannot_ask(wanted: &Release, error: &str) -> Failure {
    let subnet = wanted.subnet;
    let message = format!(
        "whether Docker still has a network on {subnet} is not known: {error}; if it has not, --force gives it back unasked"
    );
    Failure::say(UNAVAILABLE, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(subnet: &str, vrf: &str, addresses: &[&str]) -> Release {
        Release {
            subnet: subnet.parse().unwrap(),
            addresses: addresses.iter().map(|address| address.parse().unwrap()).collect(),
            vrf: vrf.to_owned(),
            force: false,
            json: false,
        }
    }

    #[test]
    fn what_docker_has_is_dockers_to_give_back() {
        let web = PoolUser {
            name: "web".to_owned(),
            vrf: "blue".to_owned(),
            subnets: vec!["10.1.0.0/24".parse().unwrap()],
            is_local: true,
            addresses: [("10.1.0.9".parse().unwrap(), "left".to_owned())].into(),
        };
        let users = [web];
        let refused = |wanted| is_forgotten(&wanted, &users).unwrap_err().to_string();
        assert_eq!(
            refused(wanted("10.1.0.0/24", "blue", &[])),
            "Docker still has network web on 10.1.0.0/24: docker network rm web gives it back"
        );
        let said = refused(wanted("10.1.0.0/24", "blue", &["10.1.0.8", "10.1.0.9"]));
        assert!(said.starts_with("left in Docker's network web has 10.1.0.9"), "{said}");
        for forgotten in [
            wanted("10.1.0.0/24", "default", &[]),
            wanted("10.2.0.0/24", "blue", &[]),
            wanted("10.1.0.0/24", "blue", &["10.1.0.8"]),
        ] {
            assert!(is_forgotten(&forgotten, &users).is_ok(), "{forgotten:?}");
        }
    }
}
