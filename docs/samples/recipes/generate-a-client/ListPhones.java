import java.time.Duration;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.BorrowerPhonesApi;

class ListPhones {
    public static void main(String[] args) {
        // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com, and replace the ids.
        var url = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "http://127.0.0.1:4020");
        var token = System.getenv().getOrDefault("RECOVERYCONNECT_TOKEN", "demo");
        var client = new ApiClient();
        client.updateBaseUri(url);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        client.setReadTimeout(Duration.ofSeconds(10));
        try {
            for (var phone : new BorrowerPhonesApi(client).listBorrowerPhones(57062885L, 124927241L).getData())
                System.out.println(phone.getId());
        } catch (ApiException error) {
            System.err.println(error.getCode() == 0
                ? "No response: " + error.getCause()
                : "The API returned the status " + error.getCode() + ".");
            System.exit(1);
        }
    }
}
