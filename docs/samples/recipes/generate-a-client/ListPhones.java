import java.time.Duration;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.BorrowerPhonesApi;

class ListPhones {
    public static void main(String[] args) throws Exception {
        // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
        var url = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "http://127.0.0.1:4020");
        var token = System.getenv().getOrDefault("RECOVERYCONNECT_TOKEN", "demo");
        var client = new ApiClient();
        client.updateBaseUri(url);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        client.setReadTimeout(Duration.ofSeconds(10));
        System.out.println(new BorrowerPhonesApi(client).listBorrowerPhones(57062885L, 124927241L));
    }
}
