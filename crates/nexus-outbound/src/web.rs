//! Questions to servers of others, over HTTPS. They may be hostile: no redirect is followed, and
//! neither slowness nor length is suffered.

use std::time::Duration;

use async_trait::async_trait;
use nexus_core::ports::{PortError, PortResult, Web, WebAnswer, WebRequest, failed};
use reqwest::{Client, header, redirect};
use tokio::sync::OnceCell;

const CONNECT: Duration = Duration::from_secs(4);
const WHOLE: Duration = Duration::from_secs(8);
const MAX_BYTES: usize = 256 * 1024;

/// Made at the first question: most servers never ask.
#[derive(Default)]
pub struct HttpsWeb(OnceCell<Client>);

impl HttpsWeb {
    async fn client(&self) -> PortResult<&Client> {
        let make = async || {
            Client::builder()
                .redirect(redirect::Policy::none())
                .connect_timeout(CONNECT)
                .timeout(WHOLE)
                .build()
        };
        self.0.get_or_try_init(make).await.map_err(failed("get ready for providers"))
    }
}

#[async_trait]
impl Web for HttpsWeb {
    async fn ask(&self, request: WebRequest<'_>) -> PortResult<WebAnswer> {
        let client = self.client().await?;
        let mut asking = match request.form {
            Some(form) => client
                .post(request.url)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.to_owned()),
            None => client.get(request.url),
        };
        asking = asking.header(header::ACCEPT, "application/json");
        if let Some(authorization) = request.authorization {
            asking = asking.header(header::AUTHORIZATION, authorization);
        }
        let mut answer = asking.send().await.map_err(failed("reach a provider"))?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed("hear a provider"))? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(PortError::new("hear a provider", "its answer is too long"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(WebAnswer { status, body })
    }
}
